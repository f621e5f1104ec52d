/** What a resolver reads at most: ValidatePodDNSConfig in pkg/apis/core/validation, and resolv.conf(5). */
export const MOST_NAMESERVERS = 3;
export const MOST_SEARCHES = 32;
/** In characters, with a space between two domains. */
export const LONGEST_SEARCHES = 2048;
