"""Sensors of power strips, transfer switches and racks: APC, Raritan, Server Technology, Vertiv."""

from collectors.sensors.source import Source, Status, amount, gauge, index, own, state, words

_APC = "1.3.6.1.4.1.318.1.1"
_RARITAN = "1.3.6.1.4.1.13742.6"
_PPC = "1.3.6.1.4.1.935.10.1"
_PX = "1.3.6.1.4.1.13742.4"
_SENTRY = "1.3.6.1.4.1.1718.4.1"
_LIEBERT = "1.3.6.1.4.1.476.1.42.3"
# rPDU2SensorTempHumidityStatusTempStatus: 1 notPresent, 2 belowMin, 3 belowLow, 4 normal, 5 aboveHigh, 6 aboveMax
_PROBE = {
    1: Status.ABSENT,
    2: Status.FAILED,
    3: Status.WARNING,
    4: Status.OK,
    5: Status.WARNING,
    6: Status.FAILED,
}
_FAIL_OK = {1: Status.FAILED, 2: Status.OK}

STRIPS: tuple[Source, ...] = (
    Source(
        "PowerNet-MIB rPDU2SensorTempHumidityStatusTempC",
        "temperature",
        f"{_APC}.26.10.2.2.1",
        {"value": gauge("8", 0.1, zero=False, unknown=(-1,)), "status": state("9", _PROBE)},
        (words("probe"), own("3"), index()),
        (318,),
        beside=True,
    ),
    Source(
        "PowerNet-MIB emsProbeStatusProbeTemperature",
        "temperature",
        f"{_APC}.10.3.13.1.1",
        {"value": gauge("3", zero=False, unknown=(-1,))},
        (own("2"),),
        (318,),
        beside=True,
        only={"10": frozenset({2})},  # commsEstablished
    ),
    Source(
        "PowerNet-MIB memSensorsTemperature",
        "temperature",
        f"{_APC}.10.4.2.3.1",
        {"value": gauge("5", zero=False, unknown=(-1,))},
        (own("3"),),
        (318,),
        beside=True,
    ),
    *(
        Source(
            "PowerNet-MIB airIRRCUnitStatus",
            "temperature",
            f"{_APC}.13.3.2.2.2",
            {"value": gauge(at, 0.1, zero=False, unknown=(-1,))},
            (words(name),),
            (318,),
            beside=True,
        )
        for at, name in (
            ("7", "rack inlet"),
            ("9", "supply air"),
            ("11", "return air"),
            ("24", "entering fluid"),
            ("26", "leaving fluid"),
        )
    ),
    Source(
        "PowerNet-MIB rPDU2DeviceStatusPower",
        "power",
        f"{_APC}.26.4.3.1",
        {"value": amount("5", 10)},
        (words("strip"), index()),
        (318,),
    ),
    Source(
        "PowerNet-MIB rPDU2PhaseStatusCurrent",
        "current",
        f"{_APC}.26.6.3.1",
        {"value": amount("5", 0.1)},
        (words("phase"), index()),
        (318,),
    ),
    Source(
        "PowerNet-MIB rPDU2PhaseStatusVoltage",
        "voltage",
        f"{_APC}.26.6.3.1",
        {"value": amount("6", zero=False)},
        (words("phase"), index()),
        (318,),
    ),
    Source(
        "PowerNet-MIB rPDULoadStatusLoad",
        "current",
        f"{_APC}.12.2.3.1.1",
        {"value": amount("2", 0.1)},
        (words("bank"), index()),
        (318,),
    ),
    *(
        Source(
            "PowerNet-MIB atsStatus",
            "component",
            f"{_APC}.8.5.1",
            {"status": state(at, _FAIL_OK)},
            (words(name),),
            (318,),
            part=name,
        )
        for at, name in (("12", "source A"), ("13", "source B"), ("10", "switch"), ("3", "redundancy"))
    ),
    Source(
        "PDU2-MIB measurementsExternalSensorTable",
        "temperature",
        f"{_RARITAN}.5.5.3.1",
        {"value": gauge("4", 0.1, zero=False)},
        (own(f"{_RARITAN}.3.6.3.1.4"), index()),
        (13742,),
        only={f"{_RARITAN}.3.6.3.1.2": frozenset({10})},
    ),
    *(
        Source(
            "PDU2-MIB measurementsInletSensorTable",
            measurement,
            f"{_RARITAN}.5.2.3.1",
            {"value": amount("4", scale, row=kind)},
            (words("inlet"), index()),
            (13742,),
        )
        for measurement, kind, scale in (("current", "*.1", 1e-3), ("voltage", "*.4", 1.0), ("power", "*.5", 1.0))
    ),
    Source(
        "PDU-MIB externalSensorMeasurement",
        "temperature",
        f"{_PX}.3.3.1",
        {"value": gauge("41", 0.1, zero=False)},
        (own("4"),),
        (13742,),
        only={"2": frozenset({10})},
    ),
    *(
        Source(
            "PDU-MIB inletTable",
            measurement,
            f"{_PX}.1.20.2.1",
            {"value": amount(at, scale)},
            (words("inlet"), index()),
            (13742,),
        )
        for measurement, at, scale in (("current", "7", 1e-3), ("voltage", "8", 1e-3), ("power", "9", 1.0))
    ),
    Source(
        "Sentry4-MIB st4TempSensorValue",
        "temperature",
        f"{_SENTRY}.9.3.1",
        {"value": gauge("1", 0.1, unknown=(-410,))},
        (own(f"{_SENTRY}.9.2.1.3"), index()),
        (1718,),
        only={"2": frozenset({0, *range(14, 20)})},  # normal, and the alarms and warnings of what is measured
    ),
    Source(
        "PPC-MIB upsESystem",
        "ups",
        f"{_PPC}.1",
        {"charge": amount("3.4"), "runtime": amount("3.3"), "load": amount("2.18.1.7", row="1")},
        (words("ups"),),
        (935,),
    ),
    Source(
        "PPC-MIB upsESystemTemperature",
        "temperature",
        f"{_PPC}.1.2",
        {"value": gauge("2", 0.1, zero=False, unknown=(-1,))},
        (words("ups"),),
        (935,),
    ),
    Source(
        "Sentry4-MIB st4LineCurrent",
        "current",
        f"{_SENTRY}.4.3.1",
        {"value": amount("3", 0.01)},
        (words("line"), own(f"{_SENTRY}.4.2.1.4"), index()),
        (1718,),
    ),
    Source(
        "Sentry4-MIB st4PhaseVoltage",
        "voltage",
        f"{_SENTRY}.5.3.1",
        {"value": amount("3", 0.1, zero=False)},
        (words("phase"), index()),
        (1718,),
    ),
    Source(
        "Sentry4-MIB st4InputCordActivePower",
        "power",
        f"{_SENTRY}.3.3.1",
        {"value": amount("3")},
        (words("cord"), index()),
        (1718,),
    ),
    *(
        Source(
            f"GEIST-V5-MIB {table}",
            "temperature",
            f"1.3.6.1.4.1.21239.5.1.{at}.1",
            {"value": gauge("5", 0.1, zero=False)},
            (own("3"),),
            (21239,),
            beside=True,
        )
        for table, at in (("internalTable", "2"), ("tempSensorTable", "4"))
    ),
    Source(
        "LIEBERT-GP-PDU-MIB lgpPduAuxMeasTempDegC",
        "temperature",
        f"{_LIEBERT}.8.60.15.1",
        {"value": gauge("70", 0.1, zero=False)},
        (words("probe"), index()),
        (476,),
        beside=True,
    ),
    Source(
        "LIEBERT-GP-PDU-MIB lgpPduPsEntryPwrTotal",
        "power",
        f"{_LIEBERT}.8.30.20.1",
        {"value": amount("65")},
        (words("strip"), index()),
        (476,),
    ),
)
