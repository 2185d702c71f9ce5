package scs_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/alexedwards/scs/v2"
	"github.com/fairlead-go/fairlead"
	fairleadscs "github.com/fairlead-go/fairlead/contrib/scs"
	"github.com/fairlead-go/fairlead/redistest"
)

func ExampleNew() {
	server, err := redistest.StartProcess(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	c, err := fairlead.Open(server.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	sessions := scs.New()
	sessions.Store = fairleadscs.New(c)
	page := sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits := sessions.GetInt(r.Context(), "visits") + 1
		sessions.Put(r.Context(), "visits", visits)
		fmt.Fprintf(w, "visit %d", visits)
	}))

	var cookie string
	for range 2 {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set("Cookie", cookie)
		answer := httptest.NewRecorder()
		page.ServeHTTP(answer, request)
		fmt.Println(answer.Body)
		cookie = answer.Header().Get("Set-Cookie")
	}
	// Output:
	// visit 1
	// visit 2
}
