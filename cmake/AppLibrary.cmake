# app_library(NAME SOURCES a.cc … TESTS a_test.cc … DEPENDS base … LIBRARIES ZLIB::ZLIB …)
#
# One static library per folder of src/, and one GoogleTest binary, NAME_test, for the tests that
# stand beside its files. ctest knows each test as NAME.Suite.test, label "unit".

include(GoogleTest)

function(app_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;DEPENDS;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} ${ARG_LIBRARIES} PRIVATE warnings)
  if(ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE ${name} warnings GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
                         PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()
