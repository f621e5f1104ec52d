export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restart-rules */
export interface RestartRule {
  readonly action: 'Restart' | 'RestartAllContainers';
  readonly exitCodes: { readonly operator: 'In' | 'NotIn'; readonly values: readonly number[] };
}

/** The first rule that matches an exit code. */
export function ruleFor(rules: readonly RestartRule[], exitCode: number): RestartRule | undefined {
  return rules.find(
    ({ exitCodes: { operator, values } }) => values.includes(exitCode) === (operator === 'In'),
  );
}

/**
 * Whether a container that has ended starts again: by the first rule that matches, otherwise by its policy
 * (ContainerShouldRestart in pkg/api/v1/pod/util.go).
 */
export function restartsAfter(
  {
    restartPolicy,
    restartPolicyRules = [],
  }: { readonly restartPolicy: RestartPolicy; readonly restartPolicyRules?: readonly RestartRule[] },
  exitCode: number,
): boolean {
  const isByRule = ruleFor(restartPolicyRules, exitCode) !== undefined;
  return isByRule || restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
}

/** Whether a container may start again after an end. */
export function mayRestart({
  restartPolicy,
  restartPolicyRules = [],
}: {
  readonly restartPolicy: RestartPolicy;
  readonly restartPolicyRules?: readonly RestartRule[];
}): boolean {
  return restartPolicy !== 'Never' || restartPolicyRules.length > 0;
}

/** An init container that always restarts; the next one does not wait for its end. */
export function isSidecar(container: {
  readonly role: 'init' | 'container';
  readonly restartPolicy: RestartPolicy;
}): boolean {
  return container.role === 'init' && container.restartPolicy === 'Always';
}

/** Whether the next container waits for the end of this one: an init container that is no sidecar. */
export function runsToEnd(container: Parameters<typeof isSidecar>[0]): boolean {
  return container.role === 'init' && !isSidecar(container);
}

/** The sidecars of a pod, in the order of their start. */
export function sidecarsOf<C extends Parameters<typeof isSidecar>[0]>({
  initContainers,
}: {
  readonly initContainers: readonly C[];
}): readonly C[] {
  return initContainers.filter(isSidecar);
}

/** The containers of a pod that run as long as it does: sidecars and app containers, in the order of their start. */
export function lastingContainers<C extends Parameters<typeof isSidecar>[0]>(pod: {
  readonly initContainers: readonly C[];
  readonly containers: readonly C[];
}): readonly C[] {
  return [...sidecarsOf(pod), ...pod.containers];
}
