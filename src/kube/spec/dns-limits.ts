/** The limits of a resolver (ValidatePodDNSConfig in pkg/apis/core/validation, and resolv.conf(5)). */
export const MAX_NAMESERVERS = 3;
export const MAX_SEARCHES = 32;
/** In characters, including a space between two domains. */
export const MAX_SEARCHES_LENGTH = 2048;
