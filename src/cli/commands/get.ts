import { success, type Result } from '../../base/result.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { observeStatus, type StatusOptions } from '../../engine/pod-status.ts';
import { viewPods, type PodView } from '../../engine/pod-facts.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { selects } from '../../kube/spec/label-selection.ts';
import { parseSelector } from '../../kube/spec/selector-text.ts';
import { noPodsMessage } from '../../view/status/no-pods.ts';
import { podItem } from '../../view/status/pod-list.ts';
import { renderPs } from '../../view/status/ps.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { mistakesIn, namespacesShown, targetOptions } from '../options.ts';
import { flag, text } from '../parse/option-values.ts';
import { listedObjects } from '../listed-kinds.ts';
import { formatOf, invalidOption, objectText, type Format } from '../output-format.ts';
import { showKinds } from './get-kinds.ts';
import { podNames } from '../pod-kind.ts';
import { readOnly } from '../read-only.ts';

/** `podpose get`: pods in the formats of kubectl, workloads and Services as tables. */
export const get: Command = {
  run: async (context) => {
    const listed = listedObjects(context.operands);
    if (listed !== undefined) {
      const isSelected = selectorOf(text(context.values, 'selector'));
      if (!isSelected.ok) return failed('usage', isSelected.error);
      const format = formatOf(text(context.values, 'output'));
      if (!format.ok) return failed('usage', format.error);
      const wanted = text(context.values, 'selector') === undefined ? undefined : isSelected.value;
      return readOnly((reading) => showKinds(reading, listed, format.value, wanted))(context);
    }
    const query = queryOf(context);
    if (!query.ok) return failed('usage', query.error);
    if (flag(context.values, 'watch')) return watch(context, query.value);
    return readOnly(async (reading) => show(reading, query.value))(context);
  },
};

interface GetQuery {
  readonly options: StatusOptions;
  readonly format: Format;
  readonly isSelected: (view: PodView) => boolean;
  /** One pod is named: JSON and YAML have a Pod instead of a list. */
  readonly isSingle: boolean;
}

function queryOf(context: CommandContext): Result<GetQuery> {
  const { values, operands } = context;
  const names = podNames('get', operands);
  const format = formatOf(text(values, 'output'));
  const isSelected = selectorOf(text(values, 'selector'));
  if (!names.ok || !format.ok || !isSelected.ok)
    return { ok: false, error: mistakesIn(names, format, isSelected) };
  return success({
    options: {
      ...targetOptions({ values, operands: names.value }),
      all: flag(values, 'all'),
      addresses: format.value.kind !== 'table' && format.value.kind !== 'name',
    },
    format: format.value,
    isSelected: isSelected.value,
    isSingle: names.value.length === 1,
  });
}

function selectorOf(given: string | undefined): Result<(view: PodView) => boolean> {
  if (given === undefined) return success(() => true);
  const selector = parseSelector(given);
  if (!selector.ok)
    return invalidOption(
      'selector',
      given,
      `'${selector.error}' is none of a=b, a!=b, a in (b,c), a notin (b,c), a, !a.`,
    );
  return success(({ observed }) => selects(selector.value, observed.labels));
}

async function observeViews(
  { engine }: Pick<CommandContext, 'engine'>,
  { options, isSelected }: GetQuery,
): Promise<EngineResult<{ readonly views: readonly PodView[]; readonly project: string }>> {
  const status = await observeStatus(engine, options);
  if (!status.ok) return status;
  const { observed, target, known } = status.value;
  const views = viewPods(observed, options.all ? {} : target, known).filter(isSelected);
  return success({ views, project: target.project });
}

async function show(context: CommandContext, query: GetQuery): Promise<EngineResult<ExitCode>> {
  const found = await observeViews(context, query);
  if (!found.ok) return found;
  const { views, project } = found.value;
  context.platform.stdout.write(render(context, query, views));
  const { kind } = query.format;
  if (views.length === 0 && (kind === 'table' || kind === 'wide'))
    context.say(noPodsMessage(query.options.all ? undefined : project));
  return success(EXIT.done);
}

function render(context: CommandContext, query: GetQuery, views: readonly PodView[]): string {
  const { format, isSingle } = query;
  switch (format.kind) {
    case 'table':
    case 'wide':
      return table(context, query, views, format.kind);
    case 'name':
      return views.map(({ observed }) => `pod/${observed.name}\n`).join('');
    default:
      return objectText(format, objectOf(views, isSingle));
  }
}

/** A Pod, or a list in the form of kubectl. */
function objectOf(views: readonly PodView[], isSingle: boolean): object {
  const items = views.map((view) => podItem(view));
  const [only] = items;
  return isSingle && only !== undefined ? only : { apiVersion: 'v1', items, kind: 'List', metadata: {} };
}

/** The table of `ps` without its rows for containers. */
function table(
  { platform, values, paintOut }: CommandContext,
  { options }: Pick<GetQuery, 'options'>,
  views: readonly PodView[],
  kind: 'table' | 'wide',
): string {
  const pods = views.map((view) => ({ ...view, initContainers: [], containers: [] }));
  const now = platform.today() / 1000;
  const shown = renderPs(pods, kind, {
    ...{ now, allProjects: options.all, paint: paintOut },
    ...namespacesShown(values),
  });
  return flag(values, 'no-headers') ? withoutHeading(shown) : shown;
}

function withoutHeading(shown: string): string {
  return shown.slice(shown.indexOf('\n') + 1);
}

/** The interval of `--watch`, in milliseconds. */
const WATCH_MILLISECONDS = 1000;

/** Shows all pods, then each pod that changes, until a signal. */
async function watch(context: CommandContext, query: GetQuery): Promise<EngineResult<ExitCode>> {
  const { platform, engine } = context;
  const { kind } = query.format;
  if (kind !== 'table' && kind !== 'wide' && kind !== 'name')
    return failed('usage', [
      usageError(
        'option-value',
        `--watch does not support --output ${kind}`,
        'Use wide, name, or no --output.',
      ),
    ]);
  const control = stopControl(platform);
  const querying = { ...context, engine: queryEngine(engine, control.stop) };
  const before = new Map<string, string>();
  try {
    for (let isFirst = true; !control.stop.aborted; isFirst = false) {
      const found = await unlessStopped(observeViews(querying, query), control.stop);
      if (!found.ok) return found.error.isUnchanged === true ? success(EXIT.interrupted) : found;
      const changed = found.value.views.filter((view) => before.get(view.observed.id) !== stateOf(view));
      for (const view of changed) before.set(view.observed.id, stateOf(view));
      const shown = changed.length === 0 ? '' : render(context, query, changed);
      platform.stdout.write(
        isFirst || kind === 'name' || flag(context.values, 'no-headers') ? shown : withoutHeading(shown),
      );
      await platform.clock.sleep(WATCH_MILLISECONDS, control.stop);
    }
    return success(EXIT.interrupted);
  } finally {
    control.release();
  }
}

/** What a row shows, without the age. */
function stateOf({ status, ports }: PodView): string {
  const { ready, total, status: word, restarts } = status;
  return JSON.stringify([ready, total, word, restarts, ports.length]);
}
