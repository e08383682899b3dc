// Finds the build that the tests run.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The server of the newest complete build: the one whose files are in the site's folder.
 *
 * Every build of a site empties that folder. A server alone may be newer: `cargo nextest` builds one, too.
 */
export function newestServer(target: string, site: string): string {
  const servers = ['debug', 'quick', 'release']
    .map((profile) => join(target, profile, 'server'))
    .filter((server) => existsSync(server))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const newest = servers[0] ?? join(target, 'debug', 'server');
  return servers.find((server) => ownsSite(server, site)) ?? newest;
}

/** Whether the site has the stylesheet that the list of hashes beside the server names. */
function ownsSite(server: string, site: string): boolean {
  const list = join(dirname(server), 'hash.txt');
  const hash = existsSync(list) && /^css: *(.+)$/m.exec(readFileSync(list, 'utf8'))?.[1].trim();
  return Boolean(hash) && existsSync(join(site, 'pkg', `murmuration.${hash}.css`));
}
