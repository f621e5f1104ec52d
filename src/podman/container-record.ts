import type { ObservedContainer } from './inspect/observed.ts';
import { LABEL, STOPPED_RUN_LABEL, WATCHED_LABEL, WATCHER_RECORD_LABEL } from './labels.ts';
import type { RecordCreation } from './operations/container-update.ts';

/**
 * A new record container for a container, with all that is on record of it: a record is replaced as a whole. Undefined for a
 * container that podpose did not create, and while its update is not finished.
 * @param all existing containers, among them the record container
 */
export function recordCreationOf(
  container: ObservedContainer,
  all: readonly ObservedContainer[],
): RecordCreation | undefined {
  const { id, owner } = container;
  const { project, pod, name } = owner ?? {};
  if (project === undefined || pod === undefined || name === undefined) return undefined;
  const record = all.find((one) => one.owner?.role === 'note' && one.labels[LABEL.recordOf] === id);
  const { labels } = record ?? container;
  const { [LABEL.spec]: spec, [LABEL.format]: format } = labels;
  if (spec === undefined || spec === '' || format === undefined) return undefined;
  return {
    ...{ project, pod, container: name, containerId: id, image: container.imageId || container.image },
    isWatched: (labels[WATCHED_LABEL] ?? container.labels[WATCHED_LABEL]) === 'true',
    watcherRecord: record?.labels[WATCHER_RECORD_LABEL] ?? '',
    specLabels: { [LABEL.format]: format, [LABEL.spec]: spec },
  };
}

/** The start of the run that podpose has stopped, in seconds since 1970, from the labels of a record container. */
export function stoppedRunOf(labels: Readonly<Record<string, string>>): number | undefined {
  const text = labels[STOPPED_RUN_LABEL] ?? '';
  return text === '' ? undefined : Number(text);
}
