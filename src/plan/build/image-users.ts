import { subjectId } from '../change.ts';
import { isCreated, type PodDecision } from '../decide/decision.ts';
import type { Step } from '../step.ts';

export interface ImageUserStepsInput {
  readonly decision: PodDecision;
  /** The images are there by then. */
  readonly after: readonly string[];
}

/**
 * Who an image runs as is looked at where a container must not be root and its manifest does not say who it is: before
 * anything of its pod is touched. On a cluster such a container is never started.
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
          operation: { kind: 'check-image-user', pod, container: name, image },
        },
      ];
    });
}
