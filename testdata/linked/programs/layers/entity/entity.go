// Package entity has what the shop is about.
package entity

type Order struct{ Name, Text string }
