# Installs BUILD below WORK, builds CONSUMER against the installation with find_package, runs it.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "${command}\nended with ${code}:\n${out}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
foreach(path bin/memspice bin/memspice-worker include/memspice/base/units.hpp
        share/memspice/device_models share/memspice/netlists share/memspice/flows)
  if(NOT EXISTS ${WORK}/prefix/${path})
    message(FATAL_ERROR "the installation lacks ${path}")
  endif()
endforeach()

set(flags "")
if(SANITIZE)
  set(flags -DCMAKE_CXX_FLAGS=-fsanitize=${SANITIZE})
endif()
run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${WORK}/build -G Ninja -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_PREFIX_PATH=${WORK}/prefix ${flags})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
# 20 kOhm and 10 kOhm in series.
if(NOT output STREQUAL "3.33333e-05 S\n")
  message(FATAL_ERROR "the consumer printed: ${output}")
endif()
