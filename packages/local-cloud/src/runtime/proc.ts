// What Linux's /proc tells about a container's processes. Elsewhere there is nothing to read, and the lists are empty.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Processes of one container: those of its process group or session, and those that left both but still carry the
 * container's private folder in their environment.
 */
export function processesOf(group: number, folder: string): number[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && (isInGroup(pid, group) || carries(pid, folder)));
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html : the name in parentheses may hold anything. */
function isInGroup(pid: number, group: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const [, , groupId, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return groupId === String(group) || session === String(group);
}

function carries(pid: number, folder: string): boolean {
  return read(`/proc/${pid}/environ`).includes(`${folder}/`);
}

/** TCP ports that any of `pids` listens on. */
export function listeningPorts(pids: number[]): number[] {
  const sockets = new Set(pids.flatMap(socketsOf));
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => read(path).split('\n').slice(1));
  const ports = lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const listens = state === '0A' && sockets.has(inode);
    return listens ? [Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)] : [];
  });
  return [...new Set(ports)].sort((one, other) => one - other);
}

function socketsOf(pid: number): string[] {
  return list(`/proc/${pid}/fd`).flatMap((name) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${name}`)) ?? [];
    return inode === undefined ? [] : [inode];
  });
}

// A process may end between one look and the next, and others' are not ours to read.
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

const list = (path: string): string[] => attempt(() => readdirSync(path), []);
const read = (path: string): string => attempt(() => readFileSync(path, 'utf8'), '');
const linkOf = (path: string): string => attempt(() => readlinkSync(path), '');
