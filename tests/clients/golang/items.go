package main

import (
	"strings"
	"time"

	asr "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/recoveryservices/armrecoveryservicessiterecovery/v2"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
)

// state is what an item shows.
type state = asr.ReplicationProtectedItemProperties

// item is one replicated item, and the fabric that it is in.
type item struct {
	client                  *asr.ReplicationProtectedItemsClient
	id                      string
	fabric, container, name string
	details                 asr.FabricSpecificDetailsClassification
	policies                map[string]string
	legs                    []leg
}

func find(factory *asr.ClientFactory, friendly string) *item {
	found := &item{client: factory.NewReplicationProtectedItemsClient(), policies: map[string]string{}}
	list(found.client.NewListPager(vault, group, nil), func(page asr.ReplicationProtectedItemsClientListResponse) {
		for _, each := range page.Value {
			if *each.Properties.FriendlyName == friendly {
				found.id = *each.ID
			}
		}
	})
	parts := strings.Split(found.id, "/")
	found.fabric, found.container, found.name = parts[10], parts[12], parts[14]
	fabric, err := factory.NewReplicationFabricsClient().Get(ctx, vault, group, found.fabric, nil)
	must(err)
	found.details = fabric.Properties.CustomDetails
	list(factory.NewReplicationPoliciesClient().NewListPager(vault, group, nil), func(page asr.ReplicationPoliciesClientListResponse) {
		for _, each := range page.Value {
			found.policies[*each.Properties.ProviderSpecificDetails.GetPolicyProviderSpecificDetails().InstanceType] = *each.ID
		}
	})
	return found
}

func (i *item) read() *state {
	got, err := i.client.Get(ctx, vault, group, i.fabric, i.container, i.name, nil)
	must(err)
	return got.Properties
}

// settle looks until the item is in this state and its agent has registered after the last boot.
func (i *item) settle(state string) {
	for range looksMax {
		seen := i.read()
		if *seen.ProtectionState == state && registered(seen) {
			return
		}
	}
	panic("never " + state)
}

func registered(seen *asr.ReplicationProtectedItemProperties) bool {
	var heartbeat *time.Time
	switch details := seen.ProviderSpecificDetails.(type) {
	case *asr.InMageRcmReplicationDetails:
		return *details.IsAgentRegistrationSuccessfulAfterFailover
	case *asr.InMageAzureV2ReplicationDetails:
		heartbeat = details.LastHeartbeat
	case *asr.InMageReplicationDetails:
		heartbeat = details.LastHeartbeat
	}
	failedOver := seen.LastSuccessfulFailoverTime
	return failedOver == nil || heartbeat == nil || !heartbeat.Before(*failedOver)
}

func (i *item) leg(name string, ask func() *state) {
	began := time.Now()
	ended := ask()
	i.legs = append(i.legs, leg{name, *ended.ProtectionState, time.Since(began).Milliseconds()})
}

func (i *item) failOver(details asr.UnplannedFailoverProviderSpecificInputClassification) *state {
	return done(i.client.BeginUnplannedFailover(ctx, vault, group, i.fabric, i.container, i.name, asr.UnplannedFailoverInput{
		Properties: &asr.UnplannedFailoverInputProperties{
			FailoverDirection: to.Ptr("PrimaryToRecovery"), SourceSiteOperations: to.Ptr("Required"), ProviderSpecificDetails: details,
		}}, nil)).Properties
}

func (i *item) commit() *state {
	return done(i.client.BeginFailoverCommit(ctx, vault, group, i.fabric, i.container, i.name, nil)).Properties
}

func (i *item) reprotect(direction *string, details asr.ReverseReplicationProviderSpecificInputClassification) *state {
	return done(i.client.BeginReprotect(ctx, vault, group, i.fabric, i.container, i.name, asr.ReverseReplicationInput{
		Properties: &asr.ReverseReplicationInputProperties{FailoverDirection: direction, ProviderSpecificDetails: details}}, nil)).Properties
}

func (i *item) testFailover() []string {
	done(i.client.BeginTestFailover(ctx, vault, group, i.fabric, i.container, i.name, asr.TestFailoverInput{
		Properties: &asr.TestFailoverInputProperties{
			FailoverDirection: to.Ptr("PrimaryToRecovery"), NetworkType: to.Ptr("VmNetworkAsInput"), NetworkID: to.Ptr(network()),
			ProviderSpecificDetails: &asr.InMageRcmTestFailoverInput{InstanceType: to.Ptr("InMageRcm"), NetworkID: to.Ptr(network())},
		}}, nil))
	tested := *i.read().TestFailoverState
	done(i.client.BeginTestFailoverCleanup(ctx, vault, group, i.fabric, i.container, i.name, asr.TestFailoverCleanupInput{
		Properties: &asr.TestFailoverCleanupInputProperties{Comments: to.Ptr("It worked.")}}, nil))
	return []string{tested, *i.read().TestFailoverState}
}

func network() string {
	return "/subscriptions/s/resourceGroups/" + group + "/providers/Microsoft.Network/virtualNetworks/test-network"
}
