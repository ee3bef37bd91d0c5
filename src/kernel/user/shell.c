/* shell.c: runs the other programs by name. */
#include "lib.h"

static void help(void)
{
    struct module_info module;

    printf("help, ps, mem, uptime, wait, exit; or the name of a program and its arguments; & at the end: in the background\n");
    printf("programs:");
    for (long i = 0; info(INFO_MODULE, i, &module) == 0; i++)
        printf(" %s", module.name);
    printf("\n");
}

static void ps(void)
{
    struct process_info process;

    printf("  PID PARENT STATE     TICKS NAME\n");
    for (long i = 0; info(INFO_PROCESS, i, &process) == 0; i++)
        printf("%5d %6d %9s %5lu %s\n", process.pid, process.parent, process.state, process.ticks, process.name);
}

static void mem(void)
{
    struct memory_info memory;

    info(INFO_MEMORY, 0, &memory);
    printf("%lu of %lu frames in use\n", memory.frames_used, memory.frames_total);
}

/* Tells of background programs that have ended; waitpid would wait for those that have not. */
static void reap(void)
{
    struct process_info process;
    int code;

    for (long i = 0; info(INFO_PROCESS, i, &process) == 0; i++) {
        if (process.parent == getpid() && same(process.state, "zombie")) {
            waitpid(process.pid, &code);
            printf("[%d] %s: exit code %d\n", process.pid, process.name, code);
            i = -1;
        }
    }
}

/* Waits for all background programs. */
static void wait(void)
{
    int code;

    for (long pid; (pid = waitpid(-1, &code)) > 0;)
        printf("[%ld] exit code %d\n", pid, code);
}

static void run(const char *line, int background)
{
    int code = 0;
    long pid = fork();

    if (pid == 0) {
        long error = exec(line);
        printf(error == -ENOENT ? "%s: no such program (try help)\n" : "%s: does not load\n", line);
        exit(127);
    }
    if (pid < 0) {
        printf("no more processes: error %ld\n", -pid);
    } else if (background) {
        printf("[%ld] started\n", pid);
    } else {
        waitpid(pid, &code);
        if (code != 0)
            printf("exit code %d\n", code);
    }
}

/* Cuts blanks off both ends of the line, and a final &; tells whether that was there. */
static int trim(char **line, long n)
{
    int background = 0;

    while (n > 0 && ((*line)[n - 1] == '\n' || (*line)[n - 1] == ' ' || (*line)[n - 1] == '&'))
        background |= (*line)[--n] == '&';
    (*line)[n] = 0;
    while (**line == ' ')
        (*line)++;
    return background;
}

int main(void)
{
    char buffer[LINE_SIZE];

    printf("Emergence shell. Try help.\n");
    for (;;) {
        char *line = buffer;
        reap();
        printf("$ ");
        long n = read(0, buffer, sizeof(buffer) - 1);
        if (n <= 0)
            break;
        int background = trim(&line, n);
        if (same(line, "exit"))
            break;
        if (same(line, "help"))
            help();
        else if (same(line, "ps"))
            ps();
        else if (same(line, "mem"))
            mem();
        else if (same(line, "uptime"))
            printf("%ld ms\n", uptime());
        else if (same(line, "wait"))
            wait();
        else if (*line)
            run(line, background);
    }
    printf("\n");
    return 0;
}
