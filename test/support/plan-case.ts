import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { plainPaint } from '../../src/base/paint.ts';
import { askCapabilities } from '../../src/engine/engine.ts';
import { planProject } from '../../src/engine/plan-project.ts';
import type { PullOption } from '../../src/plan/decide/images.ts';
import type { RevisionRequest } from '../../src/plan/decide/template-changes.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { renderPlanCommands } from '../../src/view/plan/commands.ts';
import { renderPlanText } from '../../src/view/plan/text.ts';
import { observedState, type ObservedCase } from './observed-case.ts';
import { answeringPodman, EMPTY_PODMAN, type PodmanState, type Shuffle } from './podman-state.ts';
import { testEngine } from './platform.ts';
import { stepsText } from './steps-text.ts';

/** The flags of `podpose plan` in a case (`options.json`). */
interface CaseOptions {
  /** Default: `demo`. */
  readonly project?: string;
  readonly hostIP?: string;
  readonly pull?: PullOption;
  readonly forceRecreate?: boolean;
  readonly removeOrphans?: boolean;
  readonly adopt?: boolean;
  readonly infraImage?: string;
  readonly ingressImage?: string;
  readonly network?: string;
  readonly namespace?: string;
  /** Those of `podpose rollout`. */
  /** Those of `podpose scale`. */
  readonly replicas?: Readonly<Record<string, number>>;
  readonly revision?: { readonly owners: readonly string[]; readonly action: RevisionRequest['action'] };
  /** `PODPOSE_WATCH=off`: podman restarts the containers. */
  readonly watch?: 'off';
}

export interface PlannedCase {
  /** Absent if the case is refused. */
  readonly plan?: Plan;
  /** The output for people: all diagnostics, and the plan. */
  readonly text: string;
  readonly commands: string;
  /** The needs of each step, its retries and its undo. */
  readonly steps: string;
}

/**
 * Plans a case: a directory with a manifest, and optionally with podman's state and flags.
 * @param version podman's version, instead of that of the case
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

/** Plans one manifest for an empty podman; all its host paths exist. */
export function planFile(
  path: string,
  paths: ObservedCase['paths'] = {},
  version = EMPTY_PODMAN.version,
): Promise<PlannedCase> {
  return planManifest(readFileSync(path), { ...EMPTY_PODMAN, version }, { paths }, {});
}

/** Plans a manifest for an empty podman, on a machine without files. */
export function planText(text: string): Promise<PlannedCase> {
  return planManifest(text, EMPTY_PODMAN, {}, {});
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** Plans like `podpose plan`, with an invented machine and podman. */
async function planManifest(
  text: string | Uint8Array,
  state: PodmanState,
  {
    paths = {},
    cannotLimit = [],
    resolvConf,
    hosts = {},
  }: Pick<ObservedCase, 'paths' | 'cannotLimit' | 'resolvConf' | 'hosts'>,
  options: CaseOptions,
  shuffle?: Shuffle,
): Promise<PlannedCase> {
  const files = {
    '/home/ann/demo/pod.yaml': text,
    ...(resolvConf === undefined ? {} : { '/etc/resolv.conf': resolvConf }),
  };
  const machine = {
    files,
    paths: { '/usr/sbin/nft': 'file' as const, ...paths },
    cwd: '/home/ann/demo',
    hosts,
  };
  const { engine, events } = testEngine(machine, answeringPodman(state, shuffle, cannotLimit));
  const { project = 'demo', hostIP, ingressImage } = options;
  const {
    forceRecreate = false,
    removeOrphans = false,
    adopt = false,
    pull,
    infraImage,
    network,
    revision,
    replicas,
  } = options;
  const watcher = options.watch === 'off' ? 'disabled' : 'available';
  const planned = await planProject(engine, {
    ...{ files: ['pod.yaml'], project, hostIP, ingressImage, forceRecreate, removeOrphans, adopt, watcher },
    ...(pull === undefined ? {} : { pull }),
    ...(infraImage === undefined ? {} : { infraImage }),
    ...(network === undefined ? {} : { network }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(revision === undefined ? {} : requested(revision)),
    ...(replicas === undefined ? {} : scaled(new Map(Object.entries(replicas)))),
  });
  if (!planned.ok)
    return { text: planned.error.diagnostics.map(diagnosticText).join(''), commands: '', steps: '' };
  const { plan } = planned.value;
  const capabilities = await askCapabilities(engine);
  assert.ok(capabilities.ok);
  const reported = events.flatMap((event) => (event.kind === 'diagnostics' ? event.diagnostics : []));
  return {
    plan,
    text: reported.map(diagnosticText).join('') + renderPlanText(plan, 'pod.yaml', plainPaint),
    commands: renderPlanCommands(plan, capabilities.value),
    steps: stepsText(plan, capabilities.value),
  };
}

function requested({ owners, action }: NonNullable<CaseOptions['revision']>) {
  const named = new Set(owners);
  return { revision: { owners: named, action }, only: named };
}

function scaled(replicas: ReadonlyMap<string, number>) {
  return { replicas, only: new Set(replicas.keys()) };
}

function diagnosticText({ code, severity, location, path, message, suggestion, help }: Diagnostic): string {
  const place = location === undefined ? '' : `${location.file}:${location.line}:${location.column}: `;
  const field = path === undefined ? '' : `${path}: `;
  const meant = suggestion === undefined ? '' : `, did you mean '${suggestion}'?`;
  const lines = [`${place}${severity}: ${field}${message}${meant} [${code}]`, ...(help?.split('\n') ?? [])];
  return `${lines.join('\n    ')}\n\n`;
}
