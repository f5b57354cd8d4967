package main

import (
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	asr "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/recoveryservices/armrecoveryservicessiterecovery/v2"
)

func (i *item) goClassic() []leg {
	fabric := i.details.(*asr.VMwareDetails)
	target, server := fabric.MasterTargetServers[0], fabric.ProcessServers[0]
	i.leg("failover", func() *state {
		return i.failOver(&asr.InMageAzureV2UnplannedFailoverInput{InstanceType: to.Ptr("InMageAzureV2")})
	})
	i.leg("commit failover", i.commit)
	i.settle("UnplannedFailoverCommitted")
	i.leg("reprotect to on-premises", func() *state {
		return i.reprotect(to.Ptr("RecoveryToPrimary"), &asr.InMageReprotectInput{
			InstanceType: to.Ptr("InMage"), MasterTargetID: target.ID, ProcessServerID: server.ID,
			RetentionDrive: target.RetentionVolumes[0].VolumeName, RunAsAccountID: fabric.RunAsAccounts[0].AccountID,
			DatastoreName: target.DataStores[0].SymbolicName, ProfileID: to.Ptr(i.policies["InMage"]),
		})
	})
	i.settle("Protected")
	i.leg("failback", func() *state {
		return i.failOver(&asr.InMageUnplannedFailoverInput{InstanceType: to.Ptr("InMage"), RecoveryPointType: to.Ptr(asr.RecoveryPointTypeLatestTime)})
	})
	i.leg("commit failback", i.commit)
	i.settle("UnplannedFailoverCommitted")
	i.leg("reprotect to Azure", func() *state {
		return i.reprotect(to.Ptr("RecoveryToPrimary"), &asr.InMageAzureV2ReprotectInput{
			InstanceType: to.Ptr("InMageAzureV2"), MasterTargetID: server.ID, ProcessServerID: server.ID,
		})
	})
	i.settle("Protected")
	return i.legs
}

func (i *item) goModernised() []leg {
	fabric := i.details.(*asr.InMageRcmFabricSpecificDetails)
	agent, server := fabric.ReprotectAgents[0], fabric.ProcessServers[0]
	i.leg("failover", func() *state {
		return i.failOver(&asr.InMageRcmUnplannedFailoverInput{InstanceType: to.Ptr("InMageRcm"), PerformShutdown: to.Ptr("true")})
	})
	i.leg("commit failover", i.commit)
	i.settle("UnplannedFailoverCommitted")
	i.leg("reprotect to on-premises", func() *state {
		return i.reprotect(to.Ptr("RecoveryToPrimary"), &asr.InMageRcmReprotectInput{
			InstanceType: to.Ptr("InMageRcm"), ReprotectAgentID: agent.ID, DatastoreName: agent.AccessibleDatastores[0],
			LogStorageAccountID: to.Ptr("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs"),
		})
	})
	i.settle("Protected")
	i.leg("failback", i.failBack)
	i.leg("commit failback", i.commit)
	i.settle("PlannedFailoverCommitted")
	i.leg("reprotect to Azure", func() *state {
		return i.reprotect(nil, &asr.InMageRcmFailbackReprotectInput{
			InstanceType: to.Ptr("InMageRcmFailback"), ProcessServerID: server.ID, PolicyID: to.Ptr(i.policies["InMageRcm"]),
		})
	})
	i.settle("Protected")
	return i.legs
}

func (i *item) failBack() *state {
	return done(i.client.BeginPlannedFailover(ctx, vault, group, i.fabric, i.container, i.name, asr.PlannedFailoverInput{
		Properties: &asr.PlannedFailoverInputProperties{ProviderSpecificDetails: &asr.InMageRcmFailbackPlannedFailoverProviderInput{
			InstanceType:      to.Ptr("InMageRcmFailback"),
			RecoveryPointType: to.Ptr(asr.InMageRcmFailbackRecoveryPointTypeCrashConsistent),
		}}}, nil)).Properties
}
