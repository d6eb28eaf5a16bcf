/**
 * @file System errors in words.
 */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the symbolic links form a loop',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left within the quota',
  EFBIG: 'larger than a file may be',
  EIO: 'the device reported an error',
  EROFS: 'read-only',
  EPIPE: 'closed by its reader',
}

export function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message
}
