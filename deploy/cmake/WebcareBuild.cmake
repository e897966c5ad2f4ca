# How every target is compiled, in one place: warnings, hardening, sanitizers, ccache.

find_program(WEBCARE_CCACHE ccache)
if(WEBCARE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${WEBCARE_CCACHE})
endif()

add_library(webcare_options INTERFACE)
target_compile_options(webcare_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wdate-time
  # g++ 12 at -O2 sees overlapping copies in std::string that are not there (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${WEBCARE_WERROR}>:-Werror>)
target_include_directories(webcare_options INTERFACE ${CMAKE_SOURCE_DIR})
if(WEBCARE_SANITIZE)
  target_compile_options(webcare_options INTERFACE
    -fsanitize=${WEBCARE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # RapidJSON 1.1 adds an offset to a null pointer when its stack is empty (internal/stack.h).
    -fno-sanitize=pointer-overflow)
  target_link_options(webcare_options INTERFACE -fsanitize=${WEBCARE_SANITIZE})
else()
  target_compile_options(webcare_options INTERFACE -fstack-protector-strong -fstack-clash-protection
    $<$<CXX_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero> -fPIE)
  target_compile_definitions(webcare_options INTERFACE _GLIBCXX_ASSERTIONS
    $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
  target_link_options(webcare_options INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed)
endif()
if(WEBCARE_FUZZ)
  target_compile_options(webcare_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# webcare_library(NAME SOURCES a.cc ... DEPS other_folder ... PRIVATE_DEPS third_party ...)
# One static library per folder, target webcare_NAME, alias webcare::NAME. DEPS are folders of ours,
# PRIVATE_DEPS the third-party libraries that this folder alone owns.
function(webcare_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(webcare_${name} STATIC ${ARG_SOURCES})
  add_library(webcare::${name} ALIAS webcare_${name})
  list(TRANSFORM ARG_DEPS PREPEND webcare::)
  target_link_libraries(webcare_${name} PUBLIC webcare_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
endfunction()

# All tests that need no Kafka: what the sanitizers run.
add_custom_target(unit_tests)

# webcare_test(NAME SOURCES a_test.cc ... DEPS folders ... PRIVATE_DEPS third_party ... [TIMEOUT s] [LABELS l])
# One GoogleTest program, registered with ctest as NAME. Extra program arguments go in ARGS.
function(webcare_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;PRIVATE_DEPS;LABELS;ARGS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  list(TRANSFORM ARG_DEPS PREPEND webcare::)
  target_link_libraries(${name} PRIVATE webcare_options ${ARG_DEPS} ${ARG_PRIVATE_DEPS} GTest::gmock_main)
  # Tests run in the project's folder. Not an absolute path: then ccache knows the same test in another
  # folder. Not optimised: that takes twice as long to compile and says nothing more.
  target_compile_definitions(${name} PRIVATE WEBCARE_SOURCE_DIR=".")
  target_compile_options(${name} PRIVATE -O0 -g1 -U_FORTIFY_SOURCE)
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGS} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(NOT "kafka" IN_LIST ARG_LABELS)
    add_dependencies(unit_tests ${name})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# webcare_fuzz(NAME SOURCE fuzz_x.cc DEPS folders ...)
# The target replays tests/fuzz/corpus/NAME/* as a ctest in every build; with WEBCARE_FUZZ it is a
# libFuzzer program as well.
function(webcare_fuzz name)
  cmake_parse_arguments(ARG "" "SOURCE" "DEPS;PRIVATE_DEPS" ${ARGN})
  list(TRANSFORM ARG_DEPS PREPEND webcare::)
  add_executable(${name} ${ARG_SOURCE}
    $<$<NOT:$<BOOL:${WEBCARE_FUZZ}>>:${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cc>)
  target_link_libraries(${name} PRIVATE webcare_options ${ARG_DEPS} ${ARG_PRIVATE_DEPS})
  if(WEBCARE_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${name} COMMAND ${name} -runs=0 ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  else()
    add_test(NAME ${name} COMMAND ${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
  add_dependencies(unit_tests ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120 LABELS fuzz)
endfunction()
