/* What a test does at a Windows desk: looks at icons, tooltips and menus, chooses an entry, is the browser, is a
 * shell, takes a pipe or a keyboard shortcut. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>
#include <wincrypt.h>

static int fail(const char *what)
{
    fprintf(stderr, "desk: %s failed: error %lu\n", what, GetLastError());
    return 1;
}

static HWND tray(void)
{
    return FindWindowW(L"tray_icon_app", NULL);
}

/* Has the tray load menus.dll, which writes its menus beside itself. */
static int menus(void)
{
    DWORD id = 0;
    WCHAR path[MAX_PATH];
    GetModuleFileNameW(NULL, path, MAX_PATH);
    wcscpy(wcsrchr(path, L'\\') + 1, L"menus.dll");
    GetWindowThreadProcessId(tray(), &id);
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, id);
    if (!process) return fail("opening the tray's process");
    void *place = VirtualAllocEx(process, NULL, sizeof path, MEM_COMMIT, PAGE_READWRITE);
    if (!WriteProcessMemory(process, place, path, sizeof path, NULL)) return fail("writing");
    void *load = (void *)GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "LoadLibraryW");
    HANDLE thread = CreateRemoteThread(process, NULL, 0, (LPTHREAD_START_ROUTINE)load, place, 0, NULL);
    if (!thread) return fail("loading menus.dll");
    WaitForSingleObject(thread, 10000);
    return 0;
}

static int choose(const WCHAR *id)
{
    return PostMessageW(tray(), WM_COMMAND, (WPARAM)_wtoi(id), 0) ? 0 : fail("choosing");
}

static BOOL CALLBACK print_window(HWND window, LPARAM depth)
{
    WCHAR class[128], text[256];
    GetClassNameW(window, class, 128);
    GetWindowTextW(window, text, 256);
    RECT at;
    GetWindowRect(window, &at);
    DWORD process = 0;
    GetWindowThreadProcessId(window, &process);
    printf("%d\t%lu\t%ls\t%ls\t%d\t%ld,%ld,%ld,%ld\n", (int)depth, process, class, text, IsWindowVisible(window), at.left,
        at.top, at.right, at.bottom);
    if (!depth) EnumChildWindows(window, print_window, 1);
    return TRUE;
}

static BOOL CALLBACK print_tooltip(HWND window, LPARAM is_there)
{
    WCHAR class[128], text[256] = L"";
    GetClassNameW(window, class, 128);
    if (wcscmp(class, L"tooltips_class32") || !IsWindowVisible(window)) return TRUE;
    SendMessageW(window, WM_GETTEXT, 256, (LPARAM)text);
    printf("%ls\n", text);
    *(BOOL *)is_there = TRUE;
    return FALSE;
}

/* What the tooltip says that comes onto the screen within 3 seconds: it stays there for little longer. */
static int tooltip(void)
{
    BOOL is_there = FALSE;
    for (int tries = 0; tries < 60 && !is_there; tries++) {
        Sleep(50);
        EnumWindows(print_tooltip, (LPARAM)&is_there);
    }
    return !is_there;
}

/* A pipe that somebody else made first. */
static int serve(const WCHAR *name)
{
    HANDLE pipe = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX, 0, PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0, NULL);
    if (pipe == INVALID_HANDLE_VALUE) return fail("making the pipe");
    printf("made\n");
    fflush(stdout);
    ConnectNamedPipe(pipe, NULL);
    char byte;
    DWORD read = 0;
    ReadFile(pipe, &byte, 1, &read, NULL);
    printf("heard %lu\n", read);
    return 0;
}

/* Another program that has Ctrl+F12, until it is killed. */
static int hold(void)
{
    MSG message;
    PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE);
    if (!RegisterHotKey(NULL, 1, MOD_CONTROL, VK_F12)) return fail("taking the shortcut");
    printf("held\n");
    fflush(stdout);
    while (GetMessageW(&message, NULL, 0, 0) > 0) {}
    return 0;
}

static LRESULT CALLBACK task_bar(HWND window, UINT message, WPARAM first, LPARAM second)
{
    if (message != WM_COPYDATA) return DefWindowProcW(window, message, first, second);
    if (((COPYDATASTRUCT *)second)->dwData == NIM_ADD) {
        printf("icon\n");
        fflush(stdout);
    }
    return TRUE;
}

/* A shell: where Wine's programs send their icons, and what tells them of it. */
static int shell(void)
{
    WNDCLASSW class = {.lpfnWndProc = task_bar, .lpszClassName = L"Shell_TrayWnd"};
    RegisterClassW(&class);
    if (!CreateWindowExW(0, class.lpszClassName, NULL, WS_POPUP, 0, 0, 0, 0, NULL, NULL, NULL, NULL)) return fail("making a task bar");
    SendNotifyMessageW(HWND_BROADCAST, RegisterWindowMessageW(L"TaskbarCreated"), 0, 0);
    MSG message;
    while (GetMessageW(&message, NULL, 0, 0) > 0) DispatchMessageW(&message);
    return 0;
}

/* A program that somebody has open: without any, Wine shuts the computer down. */
static int stay(void)
{
    Sleep(INFINITE);
    return 0;
}

/* The person's browser: keeps what it is asked to open. */
static int browse(const WCHAR *url)
{
    WCHAR path[MAX_PATH];
    GetModuleFileNameW(NULL, path, MAX_PATH);
    wcscpy(wcsrchr(path, L'\\') + 1, L"browsed.txt");
    FILE *out = _wfopen(path, L"ab");
    if (!out) return fail("keeping the link");
    fprintf(out, "%ls\n", url);
    return fclose(out);
}

/* Has Windows trust whom the certificate in a file (PEM) is about. */
static int trust(const WCHAR *path)
{
    static char text[16384];
    static BYTE bytes[16384];
    DWORD length = sizeof bytes;
    FILE *in = _wfopen(path, L"rb");
    if (!in) return fail("opening the certificate");
    size_t read = fread(text, 1, sizeof text, in);
    if (!CryptStringToBinaryA(text, (DWORD)read, CRYPT_STRING_BASE64HEADER, bytes, &length, NULL, NULL)) return fail("reading it");
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, L"Root");
    if (!CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, bytes, length, CERT_STORE_ADD_ALWAYS, NULL)) return fail("adding it");
    return !CertCloseStore(store, 0);
}

int wmain(int count, WCHAR **words)
{
    const WCHAR *command = count > 1 ? words[1] : L"", *word = count > 2 ? words[2] : L"";
    if (!wcscmp(command, L"menus")) return menus();
    if (!wcscmp(command, L"choose")) return choose(word);
    if (!wcscmp(command, L"windows")) return !EnumWindows(print_window, 0);
    if (!wcscmp(command, L"tooltip")) return tooltip();
    if (!wcscmp(command, L"serve")) return serve(word);
    if (!wcscmp(command, L"hold")) return hold();
    if (!wcscmp(command, L"shell")) return shell();
    if (!wcscmp(command, L"stay")) return stay();
    if (!wcscmp(command, L"browse")) return browse(word);
    if (!wcscmp(command, L"trust")) return trust(word);
    fprintf(stderr, "usage: desk menus | choose ID | windows | tooltip | serve PIPE | hold | shell | stay | browse URL | trust FILE\n");
    return 2;
}
