/** Yields the values of another iterable until the signal. */
export async function* until<T>(all: AsyncIterable<T>, stop: AbortSignal): AsyncGenerator<T> {
  for await (const one of all) {
    yield one;
    if (stop.aborted) return;
  }
}
