using System.Runtime.InteropServices;

namespace ZMemif.Queues;

/// <summary>Some slots on loan from a <see cref="SlotLedger"/>.</summary>
/// <param name="First">Free-running index of the first one.</param>
/// <param name="Count">How many.</param>
/// <param name="Ticket">Different for every loan, so that each can be ended once.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SlotLoan(ushort First, int Count, ulong Ticket);
