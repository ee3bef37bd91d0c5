/** Length that edited programs are filled up to, the same wherever a link's source text is assembled. */

/**
 * Executables are filled up to a multiple of this, so that most edits leave the length as it was: the machine can then go
 * on without booting the kernel again, which knows the length of its modules.
 */
const STEP = 16 << 10;

export function filledUp(program: Uint8Array): Uint8Array {
  const executable = new Uint8Array(Math.ceil(program.length / STEP) * STEP);
  executable.set(program);
  return executable;
}
