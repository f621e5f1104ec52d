import { success } from '../../base/result.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import { qualifiedName, type ObjectName } from '../../kube/spec/qualified-name.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { renderIngresses } from '../../view/status/ingress-table.ts';
import { kindItems, unrecorded } from '../../view/status/kind-objects.ts';
import {
  renderCronJobs,
  renderJobs,
  renderServices,
  renderWorkloads,
  type KindTableContext,
  type WorkloadView,
} from '../../view/status/kind-tables.ts';
import { renderPs } from '../../view/status/ps.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ListedObjects } from '../listed-kinds.ts';
import { namespacesShown } from '../options.ts';
import { isObjectFormat, objectText, type Format } from '../output-format.ts';
import { flag, text } from '../parse/option-values.ts';
import { findObjects, namedOf, type ObservedObjects, type ShownKind } from './find-objects.ts';

/** Prints a table for each kind that the project has objects of, or the objects themselves. */
export async function showKinds(
  context: CommandContext,
  listed: readonly ListedObjects[],
  format: Format,
  isSelected?: (view: PodView) => boolean,
): Promise<EngineResult<ExitCode>> {
  const { values } = context;
  if (flag(values, 'watch'))
    return failed('usage', [
      usageError('option-value', '--watch shows pods only', "Use 'podpose get pods'."),
    ]);
  const found = await findObjects(context, listed, flag(values, 'all'), isSelected);
  if (!found.ok) return found;
  const { objects, target } = found.value;
  const shown = listed.map((one) => namedOf(one, objects));
  const unknown = isObjectFormat(format) ? shown.flatMap(unrecorded) : [];
  if (unknown.length > 0) return failed('usage', [notRecorded(unknown, format.kind)]);
  const rendered = render(context, shown, listed, format);
  context.platform.stdout.write(rendered);
  if (rendered === '' && format.kind !== 'jsonpath')
    context.say(`No resources found in project '${target.project}'.\n`);
  return success(EXIT.done);
}

function notRecorded(owners: readonly string[], format: string): ReturnType<typeof usageError> {
  const are = owners.length === 1 ? 'it was' : 'they were';
  return usageError(
    'option-value',
    `--output ${format} cannot show ${owners.join(', ')}: podman has no record of the whole spec, as ${are} applied by an earlier version or is too long`,
    "The manifest has it: 'podpose plan' compares it with what runs, and 'podpose describe' shows what is known.",
  );
}

function render(
  context: CommandContext,
  shown: readonly ShownKind[],
  listed: readonly ListedObjects[],
  format: Format,
): string {
  if (isObjectFormat(format)) return objectText(format, objectOf(shown, listed));
  if (format.kind === 'name')
    return shown
      .flatMap(namesIn)
      .map((name) => `${name}\n`)
      .join('');
  return tables(context, shown);
}

/** The object that is named, or a list in the form of kubectl. */
function objectOf(shown: readonly ShownKind[], listed: readonly ListedObjects[]): object {
  const items = shown.flatMap(kindItems);
  const [only] = items;
  const isNamed = listed.reduce((sum, { names }) => sum + names.length, 0) === 1;
  return isNamed && only !== undefined && items.length === 1
    ? only
    : { apiVersion: 'v1', items, kind: 'List', metadata: {} };
}

function namesIn({ views, services, ingresses, workloads, cronJobs }: ShownKind): readonly string[] {
  return [
    ...views.map(({ observed }) => `pod/${observed.name}`),
    ...services.map(({ record }) => `svc/${record.service.name}`),
    ...ingresses.map(({ ingress }) => `ing/${qualifiedName(ingress)}`),
    ...[...workloads, ...cronJobs].map(({ owner }) => owner),
  ];
}

function tables({ platform, values, paintOut }: CommandContext, shown: readonly ShownKind[]): string {
  const {
    namespaces = shown.some(
      ({ views, services, workloads }) =>
        [...views, ...workloads.flatMap(({ pods }) => pods)].some(isElsewhere) || services.some(isOutside),
    ),
  } = namespacesShown(values);
  const context = {
    ...{ now: platform.today() / 1000, paint: paintOut, withKinds: shown.length > 1, namespaces },
    ...{ allProjects: flag(values, 'all'), isWide: text(values, 'output') === 'wide' },
  };
  return shown
    .map((one) => tableOf(one, context))
    .filter((table) => table !== '')
    .join('\n');
}

/** Tables of the workloads, Jobs and Services. */
export function otherTables(
  { platform, values, paintOut }: CommandContext,
  { services, ingresses, workloads, cronJobs }: ObservedObjects,
): readonly string[] {
  const pods = workloads.flatMap((workload) => workload.pods);
  const { namespaces = pods.some(isElsewhere) || services.some(isOutside) } = namespacesShown(values);
  const context = { now: platform.today() / 1000, paint: paintOut, withKinds: true, namespaces };
  const isJob = ({ owner }: WorkloadView) => kindOfOwner(owner) === 'Job';
  return [
    renderWorkloads(
      workloads.filter((one) => !isJob(one)),
      context,
    ),
    renderJobs(workloads.filter(isJob), context),
    renderCronJobs(cronJobs, context),
    renderServices(services, context),
    renderIngresses(ingresses, context),
  ];
}

function isElsewhere({ observed }: PodView): boolean {
  return isOutside(observedName(observed));
}

function isOutside({ namespace }: ObjectName): boolean {
  return namespace !== POD_DEFAULTS.namespace;
}

interface TableContext extends KindTableContext {
  readonly allProjects: boolean;
  readonly isWide: boolean;
}

function tableOf(
  { kind, views, services, ingresses, workloads, cronJobs }: ShownKind,
  context: TableContext,
): string {
  if (kind === 'services') return renderServices(services, context);
  if (kind === 'ingresses') return renderIngresses(ingresses, context);
  if (kind === 'cronjobs') return renderCronJobs(cronJobs, context);
  if (kind === 'Job') return renderJobs(workloads, context);
  if (kind !== 'pods') return renderWorkloads(workloads, context);
  const pods = views.map((view) => ({ ...view, initContainers: [], containers: [] }));
  return renderPs(pods, context.isWide ? 'wide' : 'table', context);
}
