/**
 * @file The parameters of a kernel lie in memory: the host writes them once, and binds the pointers before each run.
 */

/** What every block begins with. Classes that extend it follow with fields of 4 bytes. */
@unmanaged
export class Block {
  src: usize
  dst: usize
  /** Positions in the plane, of kernels that read or write any. */
  indices: usize
}
