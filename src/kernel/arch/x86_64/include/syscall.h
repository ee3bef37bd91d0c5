/* System call numbers, as in the document, and error codes. Shared with user programs. */
#pragma once

/* RAX = number; RDI, RSI, RDX, R10, R8, R9 = arguments; RAX = result or -error. */
#define SYS_write       1
#define SYS_exit        2

#define EBADF   9
#define EFAULT 14
#define ENOSYS 38
