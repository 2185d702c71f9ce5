package redistest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/fairlead-go/fairlead/redistest"
)

func ExampleStartProcess() {
	server, err := redistest.StartProcess(context.Background(), redistest.AppendOnly())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	server.Do("SET", "name", "Ada")
	server.Kill()
	if err := server.Restart(); err != nil {
		fmt.Println(err)
		return
	}
	name, err := server.Do("GET", "name")
	fmt.Println(name, err)
	// Output: Ada <nil>
}

func ExampleNetwork() {
	var network redistest.Network
	listener, err := network.Listen("redis:6379")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer listener.Close()
	go func() {
		conn, _ := listener.Accept()
		io.WriteString(conn, "+PONG\r\n")
		conn.Close()
	}()

	conn, err := network.Dial(context.Background(), "tcp", "redis:6379")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	reply, err := bufio.NewReader(conn).ReadString('\n')
	fmt.Printf("%q %v\n", reply, err)
	// Output: "+PONG\r\n" <nil>
}
