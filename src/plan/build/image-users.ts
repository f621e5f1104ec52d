import { subjectId } from '../change.ts';
import { isCreated, type PodDecision } from '../decide/decision.ts';
import type { Step } from '../step.ts';

export interface ImageUserStepsInput {
  readonly decision: PodDecision;
  /** Steps that must succeed first: the images are pulled then. */
  readonly after: readonly string[];
}

/**
 * Checks the user of an image before any change to its pod, if a container has runAsNonRoot without runAsUser. A cluster
 * does not start such a container if the image runs as root.
 */
export function imageUserSteps({ decision, after }: ImageUserStepsInput): readonly Step[] {
  const pod = decision.desired.name;
  return [...decision.init, ...decision.containers]
    .filter(isCreated)
    .flatMap(({ container }): readonly Step[] => {
      const { name, role, image, securityContext } = container;
      if (securityContext.runAsNonRoot === undefined || securityContext.runAsUser !== undefined) return [];
      return [
        {
          id: `check-image-user/${pod}/${name}`,
          needs: after,
          cause: subjectId({ kind: 'container', pod, role, name }),
          operation: { kind: 'check-image-user', pod, container: name, role, image },
        },
      ];
    });
}
