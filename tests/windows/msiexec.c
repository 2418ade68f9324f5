/* Wine 8 removes the older version in an upgrade without saying so: Windows sets UPGRADINGPRODUCTCODE. Wine's installer looks
 * for `msiexec` beside itself first; this stands there, and says it. */
#include <windows.h>
#include <wchar.h>

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR rest, int show)
{
    static WCHAR command[32768];
    STARTUPINFOW startup = {sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 1;

    _snwprintf(command, 32767, L"C:\\windows\\system32\\msiexec.exe %ls UPGRADINGPRODUCTCODE={6B0F4A3C-0000-4000-8000-000000000000}",
               rest);
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) return 1;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return code;
}
