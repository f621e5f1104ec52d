import type { DesiredPod } from '../../kube/spec/desired.ts';
import { inspectContainers } from '../../podman/inspect/inspect-containers.ts';
import { observe } from '../../podman/inspect/observe.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';
import { observedMessageSource, readMessage } from '../../podman/inspect/termination-message.ts';
import { viewPods, type PodSelection, type PodView } from '../../view/status/pod-view.ts';
import { noPodsMessage, renderPs, type PsFormat } from '../../view/status/ps.ts';
import { EXIT } from '../exit-code.ts';
import { loadPods } from '../../engine/load-pods.ts';
import { choice } from '../parse/option-values.ts';
import { readOnly } from '../questions.ts';
import { flag, type Session, type Verb } from '../session.ts';
import { findTarget, manifestOperands } from '../../engine/target.ts';

/** `podpose ps`: pods and containers as kubectl would show them. */
export const ps: Verb = readOnly(async (session) => {
  const { platform, values } = session;
  const output = choice(values, 'output', ['wide', 'json', 'yaml', 'name']);
  if (!output.ok) {
    session.report(output.error);
    return EXIT.usage;
  }
  const observed = await observe(session.run, session.podman);
  if (!observed.ok) {
    session.report(observed.error);
    return EXIT.failed;
  }
  const all = flag(values, 'all');
  const target = findTarget(session, observed.value);
  if (!target.ok) {
    session.report(target.error);
    return EXIT.usage;
  }
  const selection = all ? {} : target.value;
  const format: PsFormat = flag(values, 'quiet') ? 'ids' : (output.value ?? 'table');
  const known = await knownPods(session);
  const containers = await inspectContainers(
    session.run,
    session.podman,
    observed.value.containers.filter((container) => isShown(container, selection)),
  );
  const state = { ...observed.value, containers };
  const views = viewPods(state, selection, known);
  const messages = SHOWS_MESSAGES.includes(format) ? await messagesOf(session, views) : undefined;
  const shownViews = messages === undefined ? views : viewPods(state, selection, known, messages);
  const shown = renderPs(shownViews, format, {
    now: platform.today() / 1000,
    allProjects: all,
    paint: session.paintOut,
  });
  platform.stdout.write(shown);
  if (views.length === 0 && (format === 'table' || format === 'wide'))
    session.say(noPodsMessage(all ? undefined : target.value.project));
  return EXIT.done;
});

function isShown({ owner }: ObservedContainer, { project, pods }: PodSelection): boolean {
  return (
    owner !== undefined &&
    (project === undefined || owner.project === project) &&
    (pods === undefined || pods.includes(owner.pod))
  );
}

const SHOWS_MESSAGES: readonly PsFormat[] = ['wide', 'json', 'yaml'];

/** The termination messages of the containers that have ended, by podman's ids of them. */
async function messagesOf(session: Session, views: readonly PodView[]): Promise<ReadonlyMap<string, string>> {
  const ended = views
    .flatMap(({ initContainers, containers }) => [...initContainers, ...containers])
    .flatMap(({ observed, status }) =>
      observed !== undefined && status.state.kind === 'terminated' ? [observed] : [],
    );
  const found = await Promise.all(
    ended.map(async (container) => {
      const source = observedMessageSource(container);
      const message =
        source === undefined
          ? ''
          : await readMessage(session.run, session.podman, source, container.exitCode);
      return [container.id, message] as const;
    }),
  );
  return new Map(found.filter(([, message]) => message !== ''));
}

/**
 * What the files say of the pods, where there are files to be read and nothing is wrong with them: of
 * containers that are still to be created nothing else tells.
 */
async function knownPods(session: Session): Promise<readonly DesiredPod[]> {
  const files = manifestOperands(session);
  if (files.length === 0) return [];
  const loaded = await loadPods({ ...session, operands: files });
  return loaded.ok ? loaded.value.pods.map(({ pod }) => pod) : [];
}
