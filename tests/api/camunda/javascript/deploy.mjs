// The client inside Camunda's Modeler: connects, deploys, starts, searches; what it is told when it may not.
import { readFile } from 'node:fs/promises';

import { Camunda8 } from '@camunda8/sdk';

const login = process.env.CAMUNDA_BASIC_AUTH_USERNAME;
const tell = (name, value) => console.log(JSON.stringify({ [name]: value }));
const client = (password) =>
  new Camunda8({
    ZEEBE_REST_ADDRESS: process.env.CAMUNDA_REST_ADDRESS,
    CAMUNDA_AUTH_STRATEGY: 'BASIC',
    CAMUNDA_BASIC_AUTH_USERNAME: login,
    CAMUNDA_BASIC_AUTH_PASSWORD: password,
  }).getCamundaRestClient();

const [path] = process.argv.slice(2);
const file = { content: await readFile(path, 'utf8'), name: path.split('/').at(-1) };
const camunda = client(process.env.CAMUNDA_BASIC_AUTH_PASSWORD);
tell('version', (await camunda.getTopology()).gatewayVersion);
const { processes } = await camunda.deployResources([file]);
tell('name', processes[0].resourceName);
const again = await camunda.deployResources([file]);
tell('unchanged', again.processes[0].processDefinitionKey === processes[0].processDefinitionKey);
const { processDefinitionKey } = processes[0];
const { processInstanceKey } = await camunda.createProcessInstance({ processDefinitionKey, variables: {} });
const [job] = await camunda.activateJobs({ type: 'measure', timeout: 60_000, maxJobsToActivate: 1, worker: 'w' });
await job.complete({ area: 1 });
const tasks = await camunda.searchUserTasks({ filter: { processInstanceKey } });
tell('tasks', tasks.items.map((one) => one.elementId));

const stranger = client('wrong');
tell('stranger connects', (await stranger.getTopology()).gatewayVersion);
try {
  await stranger.deployResources([file]);
} catch (error) {
  tell('stranger deploys', [error.statusCode, error.message.includes('sign-in-failed')]);
}
process.exit(0);
