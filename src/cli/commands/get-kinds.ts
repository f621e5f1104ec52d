import { compareTexts } from '../../base/text.ts';
import { success } from '../../base/result.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { observeStatus, type StatusFacts, type StatusOptions } from '../../engine/pod-status.ts';
import { viewPods, type PodView } from '../../engine/pod-facts.ts';
import { ownerNamed, kindOfOwner } from '../../kube/workloads/owner.ts';
import { POD_WORDS } from '../../engine/pod-reference.ts';
import { workloadKinds, type WorkloadKind } from '../../manifest/kinds.ts';
import {
  renderJobs,
  renderServices,
  renderWorkloads,
  viewWorkloads,
  type ServiceView,
  type WorkloadView,
} from '../../view/status/kind-tables.ts';
import { renderPs } from '../../view/status/ps.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { flag, text } from '../parse/option-values.ts';

/** The kinds that a user lists with `get deploy,svc,po`. */
export interface ListedKinds {
  readonly kinds: readonly ListedKind[];
  /** Only these names; all if empty. */
  readonly names: readonly string[];
}

type ListedKind = 'pods' | 'services' | WorkloadKind;

const SERVICE_WORDS = new Set(['svc', 'service', 'services']);

/**
 * The kinds of `get deploy`, `get svc/web`, `get all` and the like; undefined for other operands, which are pods.
 * `get deploy/web` and `get deploy web` are the pods of that workload, as in the other commands.
 */
export function listedKinds(operands: readonly string[]): ListedKinds | undefined {
  const [first = '', ...names] = operands;
  if (first === 'all' && names.length === 0) return { kinds: ALL, names: [] };
  const [words = '', name] = first.split('/', 2);
  const kinds = words.split(',').map(kindNamed);
  if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
  const known = kinds.flatMap((kind) => kind ?? []);
  const isPodsOnly = known.every((kind) => kind === 'pods');
  const isServices = known.every((kind) => kind === 'services');
  const named = [...(name === undefined ? [] : [name]), ...names];
  if (isPodsOnly || (named.length > 0 && !isServices)) return undefined;
  return { kinds: known, names: named };
}

const ALL: readonly ListedKind[] = ['pods', 'services', ...workloadKinds];

function kindNamed(word: string): ListedKind | undefined {
  if (POD_WORDS.has(word)) return 'pods';
  if (SERVICE_WORDS.has(word)) return 'services';
  const owner = ownerNamed(`${word}/name`);
  return owner === undefined ? undefined : kindOfOwner(owner);
}

/** Prints a table for each kind that the project has objects of. */
export async function showKinds(
  context: CommandContext,
  listed: ListedKinds,
  options: StatusOptions,
): Promise<EngineResult<ExitCode>> {
  const output = text(context.values, 'output');
  const unusable = flag(context.values, 'watch') ? '--watch' : output && `--output ${output}`;
  if (unusable !== undefined && output !== 'wide' && output !== 'name')
    return failed('usage', [
      usageError('option-value', `${unusable} shows pods only`, "Use 'podpose get pods'."),
    ]);
  const status = await observeStatus(context.engine, { ...options, addresses: true });
  if (!status.ok) return status;
  const { project } = status.value.target;
  const services = viewServices(status.value, options).filter(
    ({ record }) => listed.names.length === 0 || listed.names.includes(record.service.name),
  );
  const missing = listed.names.find((name) => !services.some(({ record }) => record.service.name === name));
  if (missing !== undefined)
    return failed('usage', [
      usageError(
        'no-such-pod',
        `no Service '${missing}' in project '${project}'`,
        "'podpose get svc' lists the Services.",
      ),
    ]);
  const views = viewPods(status.value.observed, options.all ? {} : { project }, status.value.known);
  const known = status.value.known.map(({ name }) => name);
  const objects = { views, services, workloads: viewWorkloads(views, known) };
  const shown =
    output === 'name'
      ? listed.kinds.flatMap((kind) => namesOf(kind, objects)).map((name) => `${name}\n`)
      : listed.kinds.map((kind) => tableOf(kind, objects, context, listed)).filter((table) => table !== '');
  context.platform.stdout.write(shown.join(output === 'name' ? '' : '\n'));
  if (shown.length === 0) context.say(`No resources found in project '${project}'.\n`);
  return success(EXIT.done);
}

function viewServices(
  { observed, target }: StatusFacts,
  { all }: Pick<StatusOptions, 'all'>,
): readonly ServiceView[] {
  return observed.pods
    .flatMap((pod) => (pod.service === undefined ? [] : [{ ...pod.service, observed: pod }]))
    .filter(({ project }) => all || project === target.project)
    .sort((a, b) => compareTexts(a.record.service.name, b.record.service.name));
}

interface Objects {
  readonly views: readonly PodView[];
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
}

function ownersOf(kind: ListedKind, { workloads }: Objects): readonly WorkloadView[] {
  return workloads.filter(({ owner }) => kindOfOwner(owner) === kind);
}

function namesOf(kind: ListedKind, objects: Objects): readonly string[] {
  if (kind === 'pods') return objects.views.map(({ observed }) => `pod/${observed.name}`);
  if (kind === 'services') return objects.services.map(({ record }) => `svc/${record.service.name}`);
  return ownersOf(kind, objects).map(({ owner }) => owner);
}

function tableOf(
  kind: ListedKind,
  objects: Objects,
  { platform, values, paintOut }: CommandContext,
  { kinds }: ListedKinds,
): string {
  const context = { now: platform.today() / 1000, paint: paintOut, withKinds: kinds.length > 1 };
  if (kind === 'services') return renderServices(objects.services, context);
  if (kind === 'Job') return renderJobs(ownersOf(kind, objects), context);
  if (kind !== 'pods') return renderWorkloads(ownersOf(kind, objects), context);
  const pods = objects.views.map((view) => ({ ...view, initContainers: [], containers: [] }));
  const format = text(values, 'output') === 'wide' ? 'wide' : 'table';
  return renderPs(pods, format, { ...context, allProjects: flag(values, 'all') });
}
