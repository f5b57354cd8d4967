// Microsoft's own client, with its default options, takes a classic and a modernised item out and home.
// Arguments: base URL, subscription, resource group, vault, and the friendly name of an item of each architecture.
// Prints one JSON object.
package main

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	asr "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/recoveryservices/armrecoveryservicessiterecovery/v2"
)

const looksMax = 200

var (
	ctx          = context.Background()
	group, vault string
)

type anybody struct{}

func (anybody) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "any", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

type leg struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Ms    int64  `json:"ms"`
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	baseURL, subscription := os.Args[1], os.Args[2]
	group, vault = os.Args[3], os.Args[4]
	service := cloud.ServiceConfiguration{Endpoint: baseURL, Audience: baseURL}
	options := &arm.ClientOptions{}
	options.Cloud = cloud.Configuration{Services: map[cloud.ServiceName]cloud.ServiceConfiguration{cloud.ResourceManager: service}}
	factory, err := asr.NewClientFactory(subscription, anybody{}, options)
	must(err)
	classic, modern := find(factory, os.Args[5]), find(factory, os.Args[6])
	found := map[string]any{
		"test_failover": modern.testFailover(),
		"classic":       classic.goClassic(),
		"modernised":    modern.goModernised(),
	}
	found["jobs"] = jobs(factory)
	found["policy"] = policies(factory)
	found["plan"] = plans(factory, modern)
	must(json.NewEncoder(os.Stdout).Encode(found))
}

func list[T any](pager *runtime.Pager[T], each func(T)) {
	for pager.More() {
		page, err := pager.NextPage(ctx)
		must(err)
		each(page)
	}
}

func done[T any](poller *runtime.Poller[T], err error) T {
	must(err)
	value, err := poller.PollUntilDone(ctx, nil)
	must(err)
	return value
}
