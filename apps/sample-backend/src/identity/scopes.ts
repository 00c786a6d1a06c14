/** What an access token may be for. */
export const resourceScopes = ['profile:read', 'orders:read', 'orders:write', 'catalog:read'];

/** All that a client can ask for. */
export const everyScope = ['openid', 'profile', 'email', 'offline_access', ...resourceScopes].join(' ');
