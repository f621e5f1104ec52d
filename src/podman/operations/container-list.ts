import type { DesiredPod } from '../../kube/spec/desired.ts';
import { containerListLabel } from '../inspect/container-list.ts';
import { listRecordName } from '../names.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, type Command } from './argument.ts';
import { imageSetting, WITHOUT_HEALTH_CHECK } from './container-creation.ts';
import type { Definitions } from './definition.ts';
import { ownerLabels, ownLabels } from './labels.ts';
import { createChange, removeChange } from './requests/container.ts';
import { withRequests } from './requests/requests.ts';
import { flagsOf, setting } from './setting.ts';
import { podSubject } from './subjects.ts';

/**
 * Records the containers of a pod, before one of them is removed and none is created: a pod's own labels have the list at its
 * creation and cannot be changed, and a container of the list that does not exist counts as not created yet.
 */
export interface CreateListRecord {
  readonly kind: 'create-list-record';
  readonly project: string;
  readonly pod: DesiredPod;
  /** App containers of the earlier list that neither exist nor are in the new one: all that is left of them is the list. */
  readonly gone: readonly string[];
  /** An image that exists. */
  readonly image: string;
}

export const LIST_OPERATIONS: Definitions<CreateListRecord> = {
  'create-list-record': {
    publishedKind: 'create-list-note',
    command: createListRecordCommand,
    describe: ({ pod }) => `record the containers of ${podSubject(pod.name)}`,
    words: ({ pod, gone }) =>
      gone.length === 0
        ? {
            subject: podSubject(pod.name),
            doing: 'recording the containers',
            done: 'containers recorded',
            isInternal: true,
          }
        : {
            subject: `${podSubject(pod.name)} ${gone.map((name) => `container/${name}`).join(', ')}`,
            doing: 'removing',
            done: 'removed',
            result: 'removed',
          },
    target: ({ pod }) => ({ pod: pod.name }),
  },
};

/** `podman create` of a record container, which carries only labels and is never started. It replaces an earlier one. */
function createListRecordCommand(
  { project, pod, image }: CreateListRecord,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const name = listRecordName(pod);
  const settings = [
    setting(['--pod', pod.name], { pod: pod.name }),
    setting(['--name', name], { name }),
    WITHOUT_HEALTH_CHECK,
    ...ownLabels(ownerLabels(project, pod.name, 'note'), containerListLabel(pod)),
    imageSetting(image, []),
  ];
  return withRequests(podmanWith(['create', '--replace', ...flagsOf(settings)]), capabilities, (valueOf) => [
    [removeChange(name, 0)],
    [createChange(name, settings, valueOf, podman, ['create', '--replace'])],
  ]);
}
