// Microsoft's own client, unmodified and with its default options, takes one modernised item out and home.
// Arguments: base URL, subscription, resource group, vault. Prints one JSON object.
import { SiteRecoveryManagementClient } from "@azure/arm-recoveryservices-siterecovery";

const [baseUrl, subscription, group, vault] = process.argv.slice(2);
const credential = { getToken: async () => ({ token: "any", expiresOnTimestamp: 8e12 }) };
const client = new SiteRecoveryManagementClient(credential, subscription, { endpoint: baseUrl });
const items = client.replicationProtectedItems;

const listed = [];
for await (const item of items.list(vault, group)) listed.push(item);
const id = listed[0].id.split("/");
const where = [vault, group, id[10], id[12], id[14]];
const fabric = (await client.replicationFabrics.get(vault, group, id[10])).properties.customDetails;
const policies = [];
for await (const policy of client.replicationPolicies.list(vault, group)) policies.push(policy);
const out = policies.find((policy) => policy.properties.providerSpecificDetails.instanceType === "InMageRcm");
const logs = `/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs`;

async function settle(state) {
  for (let look = 0; look < 200; look++) {
    const { properties } = await items.get(...where);
    const registered = properties.providerSpecificDetails.isAgentRegistrationSuccessfulAfterFailover;
    if (properties.protectionState === state && registered) return;
  }
  throw new Error(`never ${state}`);
}

const legs = {};
async function leg(name, asked) {
  const began = performance.now();
  const done = await asked();
  legs[name] = { ms: Math.round(performance.now() - began), state: done.properties.protectionState };
}
const details = (instanceType, more = {}) => ({ providerSpecificDetails: { instanceType, ...more } });

await leg("failover", () => items.beginUnplannedFailoverAndWait(...where, {
  properties: { failoverDirection: "PrimaryToRecovery", ...details("InMageRcm", { performShutdown: "true" }) },
}));
await leg("commit_failover", () => items.beginFailoverCommitAndWait(...where));
await settle("UnplannedFailoverCommitted");
await leg("reprotect_to_on_premises", () => items.beginReprotectAndWait(...where, {
  properties: {
    failoverDirection: "RecoveryToPrimary",
    ...details("InMageRcm", {
      reprotectAgentId: fabric.reprotectAgents[0].id,
      datastoreName: fabric.reprotectAgents[0].accessibleDatastores[0],
      logStorageAccountId: logs,
    }),
  },
}));
await settle("Protected");
await leg("failback", () => items.beginPlannedFailoverAndWait(...where, {
  properties: details("InMageRcmFailback", { recoveryPointType: "CrashConsistent" }),
}));
await leg("commit_failback", () => items.beginFailoverCommitAndWait(...where));
await settle("PlannedFailoverCommitted");
await leg("reprotect_to_azure", () => items.beginReprotectAndWait(...where, {
  properties: details("InMageRcmFailback", { processServerId: fabric.processServers[0].id, policyId: out.id }),
}));
await settle("Protected");

// A job that fails at a chosen task, and why.
await fetch(`${baseUrl}/failback/faults`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ kind: "job_fails", task: "Start failover", code: "78093", message: "It does not answer." }),
});
let failure = null;
try {
  await items.beginUnplannedFailoverAndWait(...where, {
    properties: { failoverDirection: "PrimaryToRecovery", ...details("InMageRcm", { performShutdown: "true" }) },
  });
} catch (error) {
  failure = error.message;
}
const errors = [];
for await (const job of client.replicationJobs.list(vault, group)) {
  const { properties } = await client.replicationJobs.get(vault, group, job.name);
  for (const error of properties.errors ?? []) errors.push(error.serviceErrorDetails.code);
}
console.log(JSON.stringify({ items: listed.length, legs, failure, errors }));
