// Command fairlead shows what the Fairlead Redis client does.
package main

func main() {}
