/** The number of a port that a probe or hook may name: that of a port of its container. Undefined if there is none. */
export function portNumber(
  port: number | string,
  { ports = [] }: { readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[] },
): number | undefined {
  return typeof port === 'number' ? port : ports.find(({ name }) => name === port)?.containerPort;
}
