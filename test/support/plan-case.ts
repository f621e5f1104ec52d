import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { isError, type Diagnostic } from '../../src/base/diagnostic.ts';
import { success } from '../../src/base/result.ts';
import { plainPaint } from '../../src/base/paint.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { namesOfImages, type PullOption } from '../../src/plan/decide/images.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planUp } from '../../src/plan/plan-up.ts';
import { renderPlanCommands } from '../../src/view/plan/commands.ts';
import { renderPlanText } from '../../src/view/plan/text.ts';
import { capabilityRefusals } from '../../src/plan/refuse/version-gates.ts';
import { desiredPods } from '../../src/kube/desired-pods.ts';
import { checkHostFiles } from '../../src/kube/storage/host-files.ts';
import { hostPathsToCreate } from '../../src/kube/storage/host-path.ts';
import { mayHaveSecrets } from '../../src/plan/decide/secrets.ts';
import { askDefaultDns } from '../../src/podman/inspect/default-dns.ts';
import { observe, observeSecrets } from '../../src/podman/inspect/observe.ts';
import { capabilitiesOf, parseVersion } from '../../src/podman/inspect/version.ts';
import { observedState, type ObservedCase } from './observed-case.ts';
import { answeringPodman, EMPTY_PODMAN, type PodmanState, type Shuffle } from './podman-state.ts';
import { SURROUNDINGS } from './surroundings.ts';

/** The flags of `podpose plan` in a case (`options.json`). */
interface CaseOptions {
  /** `demo` when absent. */
  readonly project?: string;
  readonly hostIP?: string;
  readonly pull?: PullOption;
  readonly forceRecreate?: boolean;
  readonly removeOrphans?: boolean;
  readonly adopt?: boolean;
  readonly infraImage?: string;
}

export interface PlannedCase {
  /** Absent where the case is refused. */
  readonly plan?: Plan;
  /** What a person is told: all that is wrong or worth knowing, and the plan. */
  readonly text: string;
  readonly commands: string;
}

/**
 * Plans a case: a folder with a manifest, and perhaps with what podman has and with flags.
 * @param version of podman, in the place of the one of the case
 */
export async function planCase(directory: string, shuffle?: Shuffle, version?: string): Promise<PlannedCase> {
  const observed = readJson(join(directory, 'observed.json')) as ObservedCase;
  const options = readJson(join(directory, 'options.json')) as CaseOptions;

  const planFromNothing = async (manifest: string): Promise<Plan> => {
    const project = observed.project ?? 'demo';
    const { plan, text } = await planManifest(
      readFileSync(join(directory, manifest)),
      EMPTY_PODMAN,
      observed,
      {
        project,
      },
    );
    assert.ok(plan, text);
    return plan;
  };
  const applied = observed.applied === undefined ? undefined : await planFromNothing(observed.applied);
  const wanted = observed.replacements === undefined ? undefined : await planFromNothing('pod.yaml');
  const found = observedState(observed, applied, wanted);
  const state = version === undefined ? found : { ...found, version };
  return planManifest(readFileSync(join(directory, 'pod.yaml')), state, observed, options, shuffle);
}

/** Plans one manifest for a podman that has nothing; everything that it names on the machine is there. */
export function planFile(path: string, paths: ObservedCase['paths'] = {}): Promise<PlannedCase> {
  return planManifest(readFileSync(path), EMPTY_PODMAN, { paths }, {});
}

/** Plans a manifest for a podman that has nothing, on a machine that has no files. */
export function planText(text: string): Promise<PlannedCase> {
  return planManifest(text, EMPTY_PODMAN, {}, {});
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** The way from a manifest to a plan, as the verb `plan` goes it. */
async function planManifest(
  text: string | Uint8Array,
  state: PodmanState,
  { paths, cannotLimit }: Pick<ObservedCase, 'paths' | 'cannotLimit'>,
  options: CaseOptions,
  shuffle?: Shuffle,
): Promise<PlannedCase> {
  const set = readManifests([{ file: 'pod.yaml', text }]);
  const { pods, diagnostics } = desiredPods(set.documents, {
    ...SURROUNDINGS,
    defaultHostIP: options.hostIP ?? '127.0.0.1',
    project: options.project ?? 'demo',
    currentDirectory: '/home/ann/demo',
  });
  const files = { typeOf: (hostPath: string) => paths?.[hostPath] ?? ('absent' as const) };
  const found = [...set.diagnostics, ...diagnostics];
  if (!found.some(isError)) found.push(...checkHostFiles(pods, files));
  if (found.some(isError)) return refused(found);

  const version = parseVersion(`podman version ${state.version}`);
  assert.ok(version);
  const tooNew = capabilityRefusals(pods, capabilitiesOf(version));
  if (tooNew.length > 0) return refused([...found, ...tooNew]);

  const podman = answeringPodman(state, shuffle);
  const desired = pods.map(({ pod }) => pod);
  const observed = await observe(podman, 'podman', namesOfImages(desired));
  assert.ok(observed.ok);
  const mayHave = mayHaveSecrets(desired, observed.value.containers);
  const secrets = mayHave ? await observeSecrets(podman, 'podman') : success([]);
  assert.ok(secrets.ok);
  const defaultDns = await askDefaultDns(podman, 'podman', desired);
  assert.ok(defaultDns.ok);
  const planned = planUp({
    project: options.project ?? 'demo',
    pods,
    observed: {
      ...observed.value,
      secrets: secrets.value,
      defaultDns: defaultDns.value,
      machineHosts: !capabilitiesOf(version).hostsFile,
      ...(cannotLimit === undefined ? {} : { limiting: { missing: cannotLimit, cgroups: 'v2' } }),
    },
    options: {
      forceRecreate: options.forceRecreate ?? false,
      removeOrphans: options.removeOrphans ?? false,
      adopt: options.adopt ?? false,
      ...(options.pull === undefined ? {} : { pull: options.pull }),
      ...(options.infraImage === undefined ? {} : { infraImage: options.infraImage }),
    },
    hostPaths: new Map(pods.map(({ pod }) => [pod.name, hostPathsToCreate(pod, files)])),
  });
  if (!planned.ok) return refused([...found, ...planned.error]);
  const plan = planned.value;
  return {
    plan,
    text:
      [...found, ...plan.warnings].map(diagnosticText).join('') +
      renderPlanText(plan, 'pod.yaml', plainPaint),
    commands: renderPlanCommands(plan, capabilitiesOf(version)),
  };
}

function refused(diagnostics: readonly Diagnostic[]): PlannedCase {
  return { text: diagnostics.map(diagnosticText).join(''), commands: '' };
}

function diagnosticText({ code, severity, location, path, message, suggestion, help }: Diagnostic): string {
  const place = location === undefined ? '' : `${location.file}:${location.line}:${location.column}: `;
  const field = path === undefined ? '' : `${path}: `;
  const meant = suggestion === undefined ? '' : `, did you mean '${suggestion}'?`;
  const lines = [`${place}${severity}: ${field}${message}${meant} [${code}]`, ...(help?.split('\n') ?? [])];
  return `${lines.join('\n    ')}\n\n`;
}
