/* hello.c: the smallest C program: its arguments and its process id. */
#include "lib.h"

int main(int argc, char **argv)
{
    printf("Hello from C in ring 3: pid %ld, %d arguments\n", getpid(), argc);
    for (int i = 1; i < argc; i++)
        printf("  argument %d: %s\n", i, argv[i]);
    return argc - 1;
}
