// Command persepsi-bench measures the product and is no part of it: a generator
// of cities with any number of answers, two references to compare with, a load
// client, and the programme that runs them side by side and tells ratios.
//
// A figure of one machine says nothing on another, so nothing here is told
// alone: requests are told beside a bare Fiber handler that answers "hello",
// durable submissions beside a bare Fiber handler that parses and checks the
// same JSON and appends it to a file with one fsync for all who wait, and a
// big store beside a small one, each measured in the same run, round by round.
//
// The client is fasthttp's, one connection per client, and closed-loop: a
// client sends its next request when it has the reply to the last one. Load
// tools on net/http, vegeta among them, spend several times as much per request
// as a bare Fiber handler does; on the same machine they would measure
// themselves.
package main
