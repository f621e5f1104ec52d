/** Seconds for which a failing init container is retried without `--timeout`. */
export const RETRY_SECONDS = 300;
