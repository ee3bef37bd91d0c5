/* forktree.c: a process forks two, each of which forks two, ...; each answers with how many it stands for. */
#include "lib.h"

static int grow(int depth)
{
    int count = 1, code;

    if (depth == 0)
        return count;
    for (int i = 0; i < 2; i++) {
        long pid = fork();
        if (pid == 0)
            exit(grow(depth - 1));
        if (pid < 0) {
            printf("fork: error %ld\n", -pid);
            exit(255);
        }
    }
    for (int i = 0; i < 2; i++)
        if (waitpid(-1, &code) > 0)
            count += code;
    return count;
}

int main(int argc, char **argv)
{
    int depth = argc > 1 ? argv[1][0] - '0' : 3;
    struct memory_info before, after;

    info(INFO_MEMORY, 0, &before);
    int count = grow(depth);
    info(INFO_MEMORY, 0, &after);
    printf("a tree of depth %d has %d processes\n", depth, count);
    printf("frames in use: %ld more than before\n", (long)(after.frames_used - before.frames_used));
    return 0;
}
