/* In place of user/lib.h: what the programs in user/float need of it, by the host's C library. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define yield() sched_yield()
#define waitpid(pid, code) waitpid(pid, code, 0)
#define fork() (setvbuf(stdout, NULL, _IOLBF, BUFSIZ), fork())
