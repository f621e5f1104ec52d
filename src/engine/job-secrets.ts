import { secretKeeper, type SecretKeeper } from '../kube/config/secret-keeper.ts';
import { unpackBundle } from '../kube/jobs/pod-template.ts';
import { succeeded } from '../platform/process.ts';
import { decodeBase64 } from '../kube/config/content.ts';
import { askList } from '../podman/client/ask-list.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { JobRecord } from '../podman/job-record.ts';
import { jobSecretName } from '../podman/operations/job.ts';
import type { EnginePlatform } from './engine.ts';

interface Context {
  readonly platform: EnginePlatform;
  readonly podman: PodmanClient;
  readonly capabilities: PodmanCapabilities;
  readonly project: string;
}

/** The secret values of the template of a Job, from the podman secret that has them. Undefined if it cannot be read. */
export async function recordKeeper(record: JobRecord, context: Context): Promise<SecretKeeper | undefined> {
  const keeper = secretKeeper(context.platform.machineKey);
  const name = jobSecretName(context.project, record);
  if (name === undefined) return keeper;
  const value = context.capabilities.showsSecrets
    ? await askSecretValue(name, context)
    : await readSecretFile(name, context);
  return value !== undefined && unpackBundle(value, keeper) ? keeper : undefined;
}

async function askSecretValue(name: string, { podman }: Context): Promise<Uint8Array | undefined> {
  const answer = await askList(podman, {
    args: ['secret', 'inspect', '--showsecret', '--format', '{{.SecretData}}', name],
  });
  return succeeded(answer) ? new TextEncoder().encode(answer.stdout.trim()) : undefined;
}

const FORMAT = '{{.ID}} {{.Spec.Driver.Name}} {{index .Spec.Driver.Options "path"}}';
const LONGEST_FILE = 50_000_000;

/** Before 4.7, podman does not show a value; its driver `file` keeps all of them in one file, by ID. */
async function readSecretFile(name: string, { platform, podman }: Context): Promise<Uint8Array | undefined> {
  const answer = await askList(podman, { args: ['secret', 'inspect', '--format', FORMAT, name] });
  const [id = '', driver, directory = ''] = answer.stdout.trim().split(' ');
  if (!succeeded(answer) || driver !== 'file' || directory === '') return undefined;
  try {
    const bytes = await platform.files.read(`${directory}/secretsdata.json`, LONGEST_FILE);
    const values = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>;
    const value = values[id];
    return typeof value === 'string' ? decodeBase64(value) : undefined;
  } catch {
    return undefined;
  }
}
