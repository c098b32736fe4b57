/* Starts the Python beside this program with one module of ours: the command line or, built with
   WINDOW, the window. A program of its own gives the taskbar, file associations and the virus
   scanner something better to look at than python.exe. */

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

#ifdef WINDOW
#define MODULE L"installer.launch.spinecontext_app"
#else
#define MODULE L"installer.launch.spinecontext"
#endif

typedef int (*python_main)(int, wchar_t **);

static int fail(const wchar_t *sentence)
{
#ifdef WINDOW
    MessageBoxW(NULL, sentence, L"SpineContext", MB_ICONERROR);
#else
    fwprintf(stderr, L"%ls\n", sentence);
#endif
    return 8;
}

int wmain(int count, wchar_t **arguments)
{
    static wchar_t self[32768], python[32768];
    GetModuleFileNameW(NULL, self, 32768);
    wcscpy(python, self);
    wcscpy(wcsrchr(python, L'\\') + 1, PYTHON_DLL);

    /* Only this folder and Windows itself are searched for libraries, never the current folder. */
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    HMODULE library = LoadLibraryExW(
        python, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    python_main run = library ? (python_main)(void *)GetProcAddress(library, "Py_Main") : NULL;
    wchar_t **all = calloc(count + 3, sizeof *all);
    if (!run || !all)
        return fail(L"This installation of SpineContext is damaged. Please install it again; your "
                    L"own files are not affected.");

    int length = 0;
    all[length++] = self;
    all[length++] = L"-m";
    all[length++] = MODULE;
    for (int i = 1; i < count; i++)
        all[length++] = arguments[i];
    return run(length, all);
}
