/* echo.c: says back each line that is typed, until Ctrl-D or "quit". */
#include "lib.h"

int main(void)
{
    char line[LINE_SIZE];
    long n;

    printf("Type lines; quit or Ctrl-D ends.\n");
    while ((n = read(0, line, sizeof(line) - 1)) > 0) {
        if (line[n - 1] == '\n')
            n--;
        line[n] = 0;
        if (same(line, "quit"))
            break;
        printf("you said: %s\n", line);
    }
    printf("end of input\n");
    return 0;
}
