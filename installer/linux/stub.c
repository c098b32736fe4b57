/* The head of the single-file installer: a program, so that file managers start it by double click.
   It hands itself to the shell script that was compiled into it; the payload follows behind it in
   the same file. */

#include <stdio.h>
#include <unistd.h>

static const char script[] = {
#include "script.inc"
    , 0};

int main(int count, char **arguments)
{
    static char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        perror("SpineContext cannot find its own installer");
        return 1;
    }
    execl("/bin/sh", "sh", "-c", script, self, count > 1 ? arguments[1] : (char *)NULL, (char *)NULL);
    perror("SpineContext's installer needs /bin/sh");
    return 1;
}
