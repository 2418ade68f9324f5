/* The least that runs on Windows; with an argument, the least that has an icon in the task bar. */
#include <stdio.h>
#include <windows.h>
#include <shellapi.h>

int wmain(int count, WCHAR **words)
{
    (void)words;
    if (count > 1) {
        WNDCLASSW class = {.lpfnWndProc = DefWindowProcW, .lpszClassName = L"least"};
        RegisterClassW(&class);
        NOTIFYICONDATAW icon = {.cbSize = sizeof icon, .uFlags = NIF_ICON};
        icon.hWnd = CreateWindowExW(0, class.lpszClassName, NULL, WS_OVERLAPPED, 0, 0, 0, 0, NULL, NULL, NULL, NULL);
        icon.hIcon = LoadIconW(NULL, MAKEINTRESOURCEW(32512));
        if (!Shell_NotifyIconW(NIM_ADD, &icon)) return 1;
    }
    printf("ready\n");
    fflush(stdout);
    if (count < 2) Sleep(INFINITE);
    MSG message;
    while (GetMessageW(&message, NULL, 0, 0) > 0) DispatchMessageW(&message);
    return 0;
}
