// Camunda's JavaScript client goes the whole way; it checks every answer against the published API as it carries it.
import { readFile } from 'node:fs/promises';

import createCamundaClient from '@camunda8/orchestration-cluster-api';

const now = { consistency: { waitUpToMs: 0 } };
const camunda = createCamundaClient({ config: { CAMUNDA_SDK_VALIDATION: 'req:strict,res:strict' } });
const login = process.env.CAMUNDA_BASIC_AUTH_USERNAME;
const tell = (name, value) => console.log(JSON.stringify({ [name]: value }));

tell('version', (await camunda.getTopology()).gatewayVersion);
tell('me', (await camunda.getAuthentication()).username);
tell('licence', (await camunda.getLicense()).licenseType);

const files = [];
for (const path of process.argv.slice(2)) {
  files.push(new File([await readFile(path)], path.split('/').at(-1)));
}
const deployed = await camunda.createDeployment({ resources: files });
tell('deployed', deployed.deployments.map((one) => Object.keys(one).filter((name) => one[name])[0]).sort());
const { processDefinitionKey } = deployed.processes[0];
tell('definitions', (await camunda.searchProcessDefinitions({ filter: { processDefinitionKey } }, now)).items.length);
tell('drawn', (await camunda.getProcessDefinitionXml({ processDefinitionKey }, now)).includes('measure'));

const begun = await camunda.createProcessInstance({ processDefinitionKey, variables: { length: 3, hint: 'wide' } });
const { processInstanceKey } = begun;
const filter = { processInstanceKey };
tell('jobs', (await camunda.searchJobs({ filter }, now)).items.map((one) => one.type));

await new Promise((resolve) => {
  const worker = camunda.createJobWorker({
    jobType: 'measure',
    maxParallelJobs: 1,
    jobTimeoutMs: 60_000,
    pollIntervalMs: 50,
    jobHandler: async (job) => {
      const receipt = await job.complete({ area: job.variables.length * 2 });
      worker.stop();
      resolve();
      return receipt;
    },
  });
});

const { items } = await camunda.searchUserTasks({ filter: { ...filter, state: 'CREATED' } }, now);
const { userTaskKey } = items[0];
tell('task', items[0].elementId);
tell('form', (await camunda.getUserTaskForm({ userTaskKey }, now)).formId);
tell('shown', (await camunda.searchUserTaskVariables({ userTaskKey }, now)).items.map((one) => one.name));
await camunda.assignUserTask({ userTaskKey, assignee: login });
await camunda.updateUserTask({ userTaskKey, changeset: { priority: 70 } });
tell('priority', (await camunda.getUserTask({ userTaskKey }, now)).priority);
await camunda.unassignUserTask({ userTaskKey });
await camunda.assignUserTask({ userTaskKey, assignee: login });
await camunda.completeUserTask({ userTaskKey, variables: { looked: true } });

tell('state', (await camunda.getProcessInstance({ processInstanceKey }, now)).state);
const variables = (await camunda.searchVariables({ filter }, now)).items;
tell('variables', Object.fromEntries(variables.map((one) => [one.name, one.value])));
tell('elements', (await camunda.searchElementInstances({ filter }, now)).items.length);

const stuck = await camunda.createProcessInstance({ processDefinitionKey });
const [job] = (await camunda.activateJobs({ type: 'measure', timeout: 60_000, maxJobsToActivate: 1, worker: 'js' })).jobs ?? [];
await camunda.failJob({ jobKey: job.jobKey, retries: 0, errorMessage: 'no ruler' });
const incidents = await camunda.searchIncidents({ filter: { processInstanceKey: stuck.processInstanceKey } }, now);
tell('incident', incidents.items[0].errorType);
await camunda.resolveIncident({ incidentKey: incidents.items[0].incidentKey });
await camunda.cancelProcessInstance({ processInstanceKey: stuck.processInstanceKey });
tell('cancelled', (await camunda.getProcessInstance({ processInstanceKey: stuck.processInstanceKey }, now)).state);

tell('sum', (await camunda.evaluateExpression({ expression: '=a + 1', variables: { a: 1 } })).result);
const decided = await camunda.evaluateDecision({ decisionDefinitionId: 'size', variables: { area: 6 } });
tell('decided', [decided.output, decided.evaluatedDecisions[0].matchedRules.length]);
try {
  await camunda.correlateMessage({ name: 'nobody waits', correlationKey: '1' });
} catch (error) {
  tell('refused', error.status);
}
process.exit(0);
