#include "daemon/app/ctl/ctl.h"

int main(int argc, char** argv) { return webcare::RunCtl(argc, argv); }
