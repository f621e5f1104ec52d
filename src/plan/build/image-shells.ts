import type { DesiredContainer } from '../../kube/spec/desired.ts';
import { hasSecretWords } from '../../podman/operations/secret-words.ts';
import { subjectId } from '../change.ts';
import { isCreated, type PodDecision } from '../decide/decision.ts';
import type { Step } from '../step.ts';

export interface ImageShellStepsInput {
  readonly decision: PodDecision;
  /** Steps that must succeed first: the images are pulled then. */
  readonly after: readonly string[];
}

/**
 * Checks that an image has the shell which inserts secrets into a command, before any change to the pod. Once per image
 * would be enough, but a failure names its container.
 */
export function imageShellSteps({ decision, after }: ImageShellStepsInput): readonly Step[] {
  const pod = decision.desired.name;
  return [...decision.init, ...decision.containers]
    .filter((one) => isCreated(one) && hasSecretWords(one.container) && !mountsShell(one.container))
    .map(({ container: { name, role, image } }) => ({
      id: `check-image-shell/${pod}/${name}`,
      needs: after,
      cause: subjectId({ kind: 'container', pod, role, name }),
      operation: { kind: 'check-image-shell', pod, container: name, role, image },
    }));
}

/** Whether a volume may hide the shell of the image, or provide one. In most images, /bin is a link to /usr/bin. */
function mountsShell({ volumeMounts }: Pick<DesiredContainer, 'volumeMounts'>): boolean {
  return volumeMounts.some(({ mountPath }) =>
    ['/bin/sh', '/usr/bin/sh'].some((shell) => shell === mountPath || shell.startsWith(`${mountPath}/`)),
  );
}
