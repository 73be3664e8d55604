/**
 * What payroll software does with the client that is generated for TypeScript. Exit code 0: all of it went well.
 *
 * Arguments: the API's host, the token endpoint, the client's id, its key (JWK), an enterprise, an employee, a batch file.
 */
import assert from "node:assert/strict";
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

import {
  BatchesApi,
  Configuration,
  ProblemFromJSON,
  ResponseError,
  SubmissionsApi,
  TrainingsApi,
  type TrainingRegistration,
} from "./client/index.js";

const [host, endpoint, client, keyFile, enterpriseNumber, ssin, batchFile] = process.argv.slice(2) as [
  string, string, string, string, string, string, string,
];

async function token(): Promise<string> {
  const key = JSON.parse(await readFile(keyFile, "utf8"));
  const now = Math.floor(Date.now() / 1000);
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = { iss: client, sub: client, aud: endpoint, iat: now, exp: now + 60, jti: randomUUID() };
  const signed = `${encoded({ alg: "ES256", kid: key.kid })}.${encoded(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), {
    key: createPrivateKey({ key, format: "jwk" }),
    dsaEncoding: "ieee-p1363",
  });
  const answer = await fetch(endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: client,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: `${signed}.${signature.toString("base64url")}`,
    }),
  });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { access_token: string }).access_token;
}

function training(changes: Partial<TrainingRegistration> = {}): TrainingRegistration {
  return {
    reference: `ts-${randomUUID()}`,
    ssin,
    enterpriseNumber,
    title: `TypeScript ${randomUUID()}`,
    startDate: new Date("2024-06-16"),
    endDate: new Date("2024-06-19"),
    duration: "PT15H12M",
    ...changes,
  };
}

const configuration = new Configuration({ basePath: host, accessToken: await token() });
const trainings = new TrainingsApi(configuration);
const submissions = new SubmissionsApi(configuration);
const batches = new BatchesApi(configuration);

const taken = await trainings.registerTrainingRaw({ trainingRegistration: training() });
assert.equal(taken.raw.status, 202);
const receipt = await taken.value();
assert.equal(receipt.status, "pending");
let state = await submissions.readSubmission({ submission: receipt.submissionId });
while (state.status !== "completed") {
  await pause(200);
  state = await submissions.readSubmission({ submission: receipt.submissionId });
}
assert.deepEqual([state.accepted, state.refused], [1, 0]);

const decided = await trainings.registerTrainingRaw({ trainingRegistration: training(), prefer: "wait=20" });
assert.equal(decided.raw.status, 201);
assert.equal(decided.raw.headers.get("Preference-Applied"), "wait=20");
const id = (await decided.value()).id as string;
assert.ok(decided.raw.headers.get("Location")?.endsWith(id));

const read = await trainings.readTrainingRaw({ training: id });
const title = `Better ${randomUUID()}`;
const corrected = await trainings.correctTraining({
  training: id,
  trainingCorrection: {
    title,
    startDate: new Date("2024-06-16"),
    endDate: new Date("2024-06-17"),
    duration: "PT7H36M",
    reason: "tikfout",
  },
  ifMatch: read.raw.headers.get("ETag") as string,
  prefer: "wait=20",
});
assert.equal(corrected.status, "accepted");
const now = await trainings.readTraining({ training: id });
assert.deepEqual([now.version, now.content.title, now.content.minutes], [2, title, 456]);

await trainings.cancelTraining({
  training: id,
  trainingCancellation: { reason: "niet doorgegaan" },
  prefer: "wait=20",
});
assert.equal((await trainings.readTraining({ training: id })).content.status, "cancelled");

const items = [training(), training({ ssin: "00000000000" }), training()];
const bulk = await trainings.registerTrainings({ trainingRegistrations: { items }, prefer: "wait=20" });
assert.deepEqual([bulk.accepted, bulk.refused, bulk.items[0]?.line], [2, 1, 2]);

const file = new Blob([await readFile(batchFile)], { type: "application/xml" });
const first = await batches.sendBatchRaw({ file });
const again = await batches.sendBatchRaw({ file });
assert.deepEqual([first.raw.status, again.raw.status], [202, 200]);
let batch = await first.value();
assert.equal(batch.id, (await again.value()).id);
while (batch.state !== "completed" && batch.state !== "rejected") {
  await pause(300);
  batch = await batches.readBatch({ batch: batch.id });
}
assert.equal(batch.state, "completed");
const report = await batches.readReport({ batch: batch.id, format: "json" });
assert.ok(report.complete && report.items.length === batch.declared);

const page = await trainings.listTrainings({ enterpriseNumber, pageSize: 2 });
assert.ok(page.next !== undefined && page.total > 2);
const further = await trainings.listTrainings({ enterpriseNumber, pageSize: 2, page: page.page + 1 });
assert.equal(new Set([...page.items, ...further.items].map((one) => one.training)).size, 4);

try {
  await trainings.registerTraining({
    trainingRegistration: training({ endDate: new Date("2024-06-01") }),
    acceptLanguage: "nl",
  });
  assert.fail("a training that ends before it starts was taken");
} catch (refusal) {
  if (!(refusal instanceof ResponseError)) throw refusal;
  const issue = ProblemFromJSON(await refusal.response.json()).issues?.[0];
  assert.deepEqual([issue?.name, issue?.code, issue?._in], ["endDate", "endBeforeStart", "body"]);
}
console.log("typescript: all went well");
