/** Gives what another gives, up to the first after the signal. */
export async function* until<T>(all: AsyncIterable<T>, stop: AbortSignal): AsyncGenerator<T> {
  for await (const one of all) {
    yield one;
    if (stop.aborted) return;
  }
}
