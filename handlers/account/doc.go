// Package account is where people sign in and out, set a password by a link, and look
// after their own account.
package account
