// Package evaluation is the LKE sheet of the city and of each unit: what is entered on
// it by form or by an uploaded workbook, the evidence that units show beside it, and how near
// they are to WBK and WBBM; with the files of each. Who reads a part of the city sees that part.
package evaluation
