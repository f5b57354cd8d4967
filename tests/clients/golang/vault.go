package main

import (
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	asr "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/recoveryservices/armrecoveryservicessiterecovery/v2"
)

// jobs counts the jobs by scenario, of those that the filter names, and says what a filter that nobody understands ends in.
func jobs(factory *asr.ClientFactory) map[string]int {
	client, counted := factory.NewReplicationJobsClient(), map[string]int{}
	filter := "StartTime ge '2020-01-01T00:00:00Z' and StartTime le '2099-01-01T00:00:00Z' and JobStatus eq 'Succeeded'"
	list(client.NewListPager(vault, group, &asr.ReplicationJobsClientListOptions{Filter: &filter}), func(page asr.ReplicationJobsClientListResponse) {
		for _, each := range page.Value {
			counted[*each.Properties.ScenarioName]++
		}
	})
	_, err := client.NewListPager(vault, group, &asr.ReplicationJobsClientListOptions{Filter: to.Ptr("Nothing eq 'x'")}).NextPage(ctx)
	counted["not understood"] = statusOf(err)
	return counted
}

func statusOf(err error) int {
	var answered *azcore.ResponseError
	if errors.As(err, &answered) {
		return answered.StatusCode
	}
	return 0
}

// policies makes a policy, reads it back and deletes it: minutes of history, then the status of a read after the end.
func policies(factory *asr.ClientFactory) []int {
	client := factory.NewReplicationPoliciesClient()
	done(client.BeginCreate(ctx, vault, group, "from-go", asr.CreatePolicyInput{Properties: &asr.CreatePolicyInputProperties{
		ProviderSpecificInput: &asr.InMageRcmPolicyCreationInput{
			InstanceType: to.Ptr("InMageRcm"), RecoveryPointHistoryInMinutes: to.Ptr[int32](1440),
			AppConsistentFrequencyInMinutes: to.Ptr[int32](120), CrashConsistentFrequencyInMinutes: to.Ptr[int32](5), EnableMultiVMSync: to.Ptr("true"),
		}}}, nil))
	got, err := client.Get(ctx, vault, group, "from-go", nil)
	must(err)
	kept := got.Properties.ProviderSpecificDetails.(*asr.InMageRcmPolicyDetails)
	done(client.BeginDelete(ctx, vault, group, "from-go", nil))
	_, err = client.Get(ctx, vault, group, "from-go", nil)
	return []int{int(*kept.RecoveryPointHistoryInMinutes), statusOf(err)}
}

// plans makes a recovery plan of one item, lets it fail over, and counts the groups of the list and of the single read.
func plans(factory *asr.ClientFactory, i *item) map[string]any {
	client := factory.NewReplicationRecoveryPlansClient()
	fabric := i.id[:len(i.id)-len("/replicationProtectionContainers/"+i.container+"/replicationProtectedItems/"+i.name)]
	done(client.BeginCreate(ctx, vault, group, "plan-from-go", asr.CreateRecoveryPlanInput{Properties: &asr.CreateRecoveryPlanInputProperties{
		PrimaryFabricID: &fabric, RecoveryFabricID: to.Ptr("Microsoft Azure"), FailoverDeploymentModel: to.Ptr(asr.FailoverDeploymentModelResourceManager),
		Groups: []*asr.RecoveryPlanGroup{{
			GroupType: to.Ptr(asr.RecoveryPlanGroupTypeBoot), ReplicationProtectedItems: []*asr.RecoveryPlanProtectedItem{{ID: &i.id}},
		}}}}, nil))
	listed := 0
	list(client.NewListPager(vault, group, nil), func(page asr.ReplicationRecoveryPlansClientListResponse) {
		for _, each := range page.Value {
			if *each.Name == "plan-from-go" {
				listed = len(each.Properties.Groups)
			}
		}
	})
	got, err := client.Get(ctx, vault, group, "plan-from-go", nil)
	must(err)
	done(client.BeginUnplannedFailover(ctx, vault, group, "plan-from-go", asr.RecoveryPlanUnplannedFailoverInput{
		Properties: &asr.RecoveryPlanUnplannedFailoverInputProperties{
			FailoverDirection: to.Ptr(asr.PossibleOperationsDirectionsPrimaryToRecovery), SourceSiteOperations: to.Ptr(asr.SourceSiteOperationsRequired),
			ProviderSpecificDetails: []asr.RecoveryPlanProviderSpecificFailoverInputClassification{&asr.RecoveryPlanInMageRcmFailoverInput{
				InstanceType: to.Ptr("InMageRcm"), RecoveryPointType: to.Ptr(asr.RecoveryPlanPointTypeLatest),
			}},
		}}, nil))
	return map[string]any{"listed": listed, "read": len(got.Properties.Groups), "state": *i.read().ProtectionState}
}
